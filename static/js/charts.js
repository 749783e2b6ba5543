/**
 * The panel of charts, as the page's script asks for it when it is opened.
 */
import { keepCompared } from "./actions/comparing.js";
import { dressed } from "./dressing.js";
import { plotly } from "./net/plotly.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/charts/panel.js";

/**
 * @param {HTMLElement} container
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 * @param {import("./actions/index.js").World} world
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, source, act, world) {
  keepCompared(world);
  const [spoken] = await Promise.all([speaking(source, act.words, "charts"), dressed("drawer")]);
  const close = panel(container, spoken, { ...act, plotly });
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
