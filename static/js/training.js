/**
 * The training panel, as the page's script asks for it when it is opened.
 */
import { createTraining } from "./actions/training.js";
import { dressed } from "./dressing.js";
import { trainingSource } from "./panel_slices.js";
import { speaking } from "./speaking.js";
import { panel } from "./views/training/panel.js";

/** @type {ReturnType<typeof createTraining> | null} one for the page: a training goes on while the panel is shut */
let trainer = null;

/**
 * @param {HTMLElement} container
 * @param {unknown} _picture
 * @param {any} act
 * @param {import("./panel_slices.js").Beside} world
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, _picture, act, world) {
  trainer ??= createTraining(world, act.edit);
  const [spoken] = await Promise.all([speaking(trainingSource(world), act.words, "charts"), dressed("drawer")]);
  const close = panel(container, spoken, { ...act, ...trainer });
  /** @type {HTMLElement | null} */ (container.querySelector("h2"))?.focus();
  return close;
}
