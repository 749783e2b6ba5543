/**
 * The panel that edits the scene, as the page's script asks for it when it is opened.
 */
import { speaking } from "./speaking.js";
import { panel } from "./views/edit/panel.js";

/**
 * @param {HTMLElement} container
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 * @param {{section?: string}} [how]
 * @returns {Promise<() => void>} takes the panel off the page
 */
export async function mount(container, source, act, how = {}) {
  const [catalogue, spoken] = await Promise.all([act.cells(), speaking(source, act.words, "editing")]);
  const close = panel(container, spoken, act, { catalogue, ...how });
  container.querySelector("button")?.focus();
  return close;
}
