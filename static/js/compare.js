/**
 * The panel that sets networks side by side, as the page's script asks for it when it is opened.
 */
import { createComparing, keepCompared } from "./actions/comparing.js";
import { dressed } from "./dressing.js";
import { compareSource } from "./panel_slices.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/compare/panel.js";

/**
 * @param {HTMLElement} container
 * @param {unknown} _picture
 * @param {any} act
 * @param {import("./panel_slices.js").Beside} world
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, _picture, act, world) {
  keepCompared(world);
  const [spoken] = await Promise.all([speaking(compareSource(world), act.words, "unrolled", "charts"), dressed("drawer")]);
  const close = panel(container, spoken, { ...act, ...createComparing(world) });
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
