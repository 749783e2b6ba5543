/**
 * The scenes of a lesson. They are not a tab list: the arrow keys stay with the steps.
 */
import { h, keyed } from "../dom.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, key: string, scenes: {key: string, title: any}[]}} Slice
 */

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
          { type: "button", class: "tab", "aria-current": key === slice.key ? "page" : null, on: { click: () => act.chooseScene(key) } },
          inLanguage(title, slice.lang),
        ),
      );
      container.hidden = buttons.length < 2;
      container.setAttribute("aria-label", t("Scenes of this lesson"));
      container.replaceChildren(...buttons);
      if (focused) buttons.find((button) => button.hasAttribute("aria-current"))?.focus();
      return { update: () => {} };
    },
  );
}
