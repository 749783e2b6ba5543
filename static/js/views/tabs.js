/**
 * The scenes of a lesson as tabs.
 */
import { h, keyed } from "../dom.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, key: string, scenes: {key: string, title: any}[]}} Slice
 */

/**
 * Arrow keys move between tabs, as in every tab list.
 * @param {KeyboardEvent} event
 * @param {Slice} slice
 * @param {(key: string) => void} choose
 */
function move(event, { scenes, key }, choose) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const index = scenes.findIndex((scene) => scene.key === key);
  choose(scenes[(index + step + scenes.length) % scenes.length].key);
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {{chooseScene: (key: string) => void}} act
 */
export function tabs(container, source, act) {
  return keyed(
    source,
    ({ lang, key }) => `${lang} ${key}`,
    (slice) => {
      const t = translator(slice.lang);
      const focused = container.contains(document.activeElement);
      const buttons = slice.scenes.map(({ key, title }) =>
        h(
          "button",
          { type: "button", role: "tab", class: "tab", "aria-selected": String(key === slice.key),
            "aria-controls": "stage", tabindex: key === slice.key ? 0 : -1,
            on: { click: () => act.chooseScene(key),
              keydown: (/** @type {KeyboardEvent} */ event) => move(event, slice, act.chooseScene) } },
          inLanguage(title, slice.lang),
        ),
      );
      container.hidden = buttons.length < 2;
      container.setAttribute("aria-label", t("Scenes of this lesson"));
      container.replaceChildren(...buttons);
      if (focused) buttons.find((button) => button.tabIndex === 0)?.focus();
      return { update: () => {} };
    },
  );
}
