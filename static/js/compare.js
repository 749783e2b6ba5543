/**
 * The panel that sets networks side by side, as the page's script asks for it when it is opened.
 */
import { createComparing, keepCompared } from "./actions/comparing.js";
import { dressed } from "./dressing.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/compare/panel.js";

/**
 * @param {HTMLElement} container
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 * @param {import("./actions/index.js").World} world
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, source, act, world) {
  keepCompared(world);
  const [spoken] = await Promise.all([speaking(source, act.words, "unrolled", "charts"), dressed("drawer")]);
  const close = panel(container, spoken, { ...act, ...createComparing(world) });
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
