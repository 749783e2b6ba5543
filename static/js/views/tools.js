/**
 * What can be done with the scene. The panels themselves load when they are opened.
 */
import { h, icon, keyed } from "../dom.js";
import { translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, panel: string | null, edited: boolean}} Slice
 * @typedef {{openPanel: (panel: string | null) => void, share: () => void}} Act
 */

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function tools(container, source, act) {
  return keyed(
    source,
    ({ lang }) => lang,
    ({ lang }) => {
      const t = translator(lang);
      /** @param {string} panel @param {string} text */
      const tool = (panel, text) =>
        h(
          "button",
          { type: "button", class: "pill tool", "data-panel": panel, "aria-label": text, title: text,
            on: { click: () => act.openPanel(source.get().panel === panel ? null : panel) } },
          icon(panel),
          h("span", null, text),
        );
      const all = [tool("edit", t("Edit")), tool("charts", t("Charts")), tool("compare", t("Compare")), tool("training", t("Train"))];
      const share = h(
        "button",
        { type: "button", class: "pill tool", "data-share": true, "aria-haspopup": "dialog", "aria-label": t("Share"), title: t("Share"), on: { click: () => act.share() } },
        icon("share"),
        h("span", null, t("Share")),
      );
      container.replaceChildren(...all, share);
      return {
        /** @param {Slice} slice */
        update({ panel, edited }) {
          for (const button of all) button.setAttribute("aria-expanded", String(button.dataset.panel === panel));
          all[0].toggleAttribute("data-edited", edited);
          all[0].setAttribute("aria-label", edited ? t("Edit; changed from the lesson") : t("Edit"));
        },
      };
    },
  );
}
