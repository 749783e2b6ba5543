/**
 * The dialog that hands things out, as the page's script asks for it when it is opened.
 */
import { speaking } from "./speaking.js";
import { panel } from "./views/share/panel.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {import("./state/store.js").Source<any>} source
 * @param {any} act
 */
export async function mount(dialog, source, act) {
  panel(dialog, await speaking(source, act.words, "editing"), act);
  dialog.showModal();
}
