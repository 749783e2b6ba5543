/**
 * The panel that sets networks side by side, as the page's script asks for it when it is opened.
 */
import { speaking } from "./speaking.js";
import { panel } from "./views/compare/panel.js";

/**
 * @param {HTMLElement} container
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, source, act) {
  const close = panel(container, await speaking(source, act.words, "unrolled", "charts"), act);
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
