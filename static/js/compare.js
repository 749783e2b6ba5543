/**
 * The panel that sets networks side by side, as the page's script asks for it when it is opened.
 */
import { dressed } from "./dressing.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/compare/panel.js";

/**
 * @param {HTMLElement} container
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, source, act) {
  const [spoken] = await Promise.all([speaking(source, act.words, "unrolled", "charts"), dressed("drawer")]);
  const close = panel(container, spoken, act);
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
