/**
 * The parts that open beside the picture, one at a time, and over it. Script and style sheet of each
 * load when it is opened first.
 */
import { dressed } from "./dressing.js";
import { late } from "./late.js";
import { region } from "./page.js";

/**
 * @typedef {{mount: (container: HTMLElement, source: any, act: any, how?: any) => Promise<() => void>}} Script
 * @typedef {{source: import("./state/store.js").Source<any>, how?: any}} Panel
 */

/** @param {import("./state/store.js").Store<import("./state/session.js").Session>} session */
function refuse(session) {
  session.set({ ...session.get(), panel: null, problem: { about: "panel", title: "", detail: "", errors: [] } });
}

/**
 * Opens a dialog of the page; its script fills it.
 * @param {import("./state/store.js").Store<import("./state/session.js").Session>} session
 * @param {string} name of the script, the sheet and the dialog
 * @param {Panel} panel
 * @param {any} act
 */
export async function openDialog(session, name, { source, how }, act) {
  try {
    const [script] = await Promise.all([/** @type {Promise<Script>} */ (late(name)), dressed(name)]);
    await script.mount(region(name), source, act, how);
  } catch {
    refuse(session);
  }
}

/**
 * @param {import("./state/store.js").Store<import("./state/session.js").Session>} session
 * @param {Record<string, Panel>} panels by name: of the script, the sheet and the region
 * @param {any} act
 * @returns {() => void}
 */
export function watchPanels(session, panels, act) {
  /** @type {string | null} */
  let open = null;
  /** @type {(() => void) | null} */
  let close = null;
  const shut = () => {
    if (!open) return;
    const container = region(open);
    const inside = container.contains(document.activeElement);
    close?.();
    close = null;
    container.hidden = true;
    delete document.body.dataset.panel;
    if (inside) /** @type {HTMLElement | null} */ (document.querySelector(`[data-panel="${open}"].tool`))?.focus();
    open = null;
  };
  /** @param {string} name */
  const show = async (name) => {
    open = name;
    const container = region(name);
    try {
      const [script] = await Promise.all([/** @type {Promise<Script>} */ (late(name)), dressed(name)]);
      if (open !== name) return;
      container.hidden = false;
      document.body.dataset.panel = name;
      if (session.get().problem?.about === "panel") session.set({ ...session.get(), problem: null });
      close = await script.mount(container, panels[name].source, act, panels[name].how);
      if (open !== name) close();
    } catch {
      shut();
      refuse(session);
    }
  };
  const react = () => {
    const { panel } = session.get();
    if (panel === open) return;
    shut();
    if (panel !== null && panels[panel]) show(panel);
  };
  react();
  return session.subscribe(react);
}
