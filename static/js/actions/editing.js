/**
 * Edits, and taking them back. Every edit makes a new inline scene of the one before; what the page
 * holds of undo is whole states.
 */
import { equal } from "../edit/document.js";
import { drawn } from "../state/drawn.js";
import { back, forth, record } from "../state/history.js";
import { clampStep, originOf } from "../state/model.js";

/**
 * @typedef {import("./index.js").World} World
 * @typedef {import("../state/model.js").State} State
 * @typedef {(scene: any, trace: any) => any} Change gives the new document; the same where there is nothing to change
 */

/** @param {World} world */
export function createEditing(world) {
  const { state, session, scenes, net } = world;
  /** @param {State} next @param {import("../state/history.js").History} history */
  const become = (next, history) => {
    const steps = scenes.resolve(next.scene)?.steps ?? Infinity;
    const held = session.get();
    const problem = held.problem?.about === "link" ? null : held.problem;
    session.set({ ...held, history, problem });
    state.set({ ...next, cursor: { ...next.cursor, t: clampStep(next.cursor.t, steps) } });
  };
  /** @param {State} current @param {any} scene */
  const withScene = (current, scene) => {
    const origin = originOf(current, scenes.lesson);
    const { from: _from, ...view } = current.view;
    if (equal(scene, scenes.resolve(origin)?.scene)) return { ...current, scene: origin, view };
    return { ...current, scene, view: { ...view, from: origin } };
  };
  /** @param {State} found its look is left to the reader */
  const restored = (found) => {
    const { lang, theme, notation } = state.get().view;
    return { ...found, view: { ...found.view, lang, theme, notation } };
  };
  /** @type {Promise<any[]> | null} */
  let catalogue = null;
  return {
    /**
     * @param {Change} change
     * @param {string | null} [tag] edits in a row with one tag are taken back as one
     */
    edit(change, tag = null) {
      const current = state.get();
      const document = documentOf(current, world);
      const next = change(document, drawn(current, session.get(), scenes).trace);
      if (next === document || equal(next, document)) return;
      if (typeof current.scene === "string") session.set({ ...session.get(), began: session.get().held });
      become(withScene(current, next), record(session.get().history, current, tag));
    },
    undo() {
      const found = back(session.get().history, state.get());
      if (found) become(restored(found.state), found.history);
    },
    redo() {
      const found = forth(session.get().history, state.get());
      if (found) become(restored(found.state), found.history);
    },
    /** The lesson's own scene again; this too can be taken back. */
    unedit() {
      const current = state.get();
      if (typeof current.scene === "string") return;
      const { from: _from, ...view } = current.view;
      become({ ...current, scene: originOf(current, scenes.lesson), view }, record(session.get().history, current, null));
    },
    /** @param {string | null} panel the part of the page that is open beside the picture */
    openPanel(panel) {
      session.set({ ...session.get(), panel });
    },
    /** The cells of the catalogue, asked for once. @returns {Promise<any[]>} */
    cells() {
      const asked = catalogue ?? net.cells();
      catalogue = asked;
      asked.catch(() => (catalogue = null));
      return asked;
    },
    /** The description of a cell that the reader typed. @param {any} cell */
    typedCell: (cell) => net.typedCell(cell),
    /** The words of a part of the page that loads when it is opened. @param {string} part */
    words: (part) => net.catalogue(state.get().view.lang, part),
  };
}

/**
 * The document that edits begin with.
 * @param {State} current
 * @param {Pick<World, "session" | "scenes">} world
 */
function documentOf(current, { session, scenes }) {
  if (typeof current.scene !== "string") return current.scene;
  return (scenes.resolve(current.scene) ?? drawn(current, session.get(), scenes).shown).scene;
}
