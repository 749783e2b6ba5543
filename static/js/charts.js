/**
 * The panel of charts, as the page's script asks for it when it is opened.
 */
import { keepCompared } from "./actions/comparing.js";
import { dressed } from "./dressing.js";
import { plotly } from "./net/plotly.js";
import { chartsSource } from "./panel_slices.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/charts/panel.js";

/**
 * @param {HTMLElement} container
 * @param {unknown} _picture
 * @param {any} act
 * @param {import("./panel_slices.js").Beside} world
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, _picture, act, world) {
  keepCompared(world);
  const [spoken] = await Promise.all([speaking(chartsSource(world), act.words, "charts"), dressed("drawer")]);
  const close = panel(container, spoken, { ...act, plotly });
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
