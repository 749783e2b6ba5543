/**
 * Everything that may change the page's state. Views call these and nothing else.
 */
import { drawn } from "../state/drawn.js";
import { parts, within } from "../state/model.js";
import { createCharting } from "./charting.js";
import { createEditing } from "./editing.js";
import { createPlayer } from "./player.js";
import { createRestore, knowLanguage, viewFor } from "./restoring.js";
import { createSharing } from "./sharing.js";
import { createWalk } from "./walking.js";

/**
 * @typedef {import("../state/model.js").State} State
 * @typedef {import("../state/session.js").Session} Session
 * @typedef {{state: import("../state/store.js").Store<State>,
 *            session: import("../state/store.js").Store<Session>,
 *            scenes: import("../state/scenes.js").Scenes, net: import("../net/client.js").Net, start: State,
 *            remember: (name: string, value: string) => void}} World
 * @typedef {ReturnType<typeof createActions>} Actions
 */

/** @param {World} world */
function movements({ state, session, scenes }) {
  const steps = () => drawn(state.get(), session.get(), scenes).steps;
  /** @param {Partial<import("../state/model.js").Cursor>} change */
  const point = (change) => {
    const current = state.get();
    state.set(within({ ...current, cursor: { ...current.cursor, stage: null, ...change } }, current, scenes));
  };
  return { steps, point, go: (/** @type {number | null} */ t) => point({ t }) };
}

/** @param {World} world */
function selections({ state, scenes }) {
  /**
   * @param {string | null} node
   * @param {number | null} [t] the step to go to with it, of an encoder where to look at it
   */
  const select = (node, t) => {
    const current = state.get();
    const encoding = node?.startsWith("encoder.") && Number.isInteger(t);
    const stays = encoding || t === undefined || t === current.cursor.t;
    const cursor = { ...current.cursor, node, ...(stays ? {} : { t, stage: null }) };
    const view = { ...viewFor(current.view, node), ...(encoding ? { source: t } : {}) };
    state.set(within({ ...current, cursor, view }, current, scenes));
  };
  return {
    select,
    /** @param {string} address one that is open already is closed */
    toggle: (address) => select(state.get().cursor.node === address ? null : address),
    close: () => {
      const { node } = state.get().cursor;
      if (node !== null && parts(node).unit !== null) select(null);
    },
    /** @param {string} place @param {number} [source] the step of an encoder */
    look: (place, source) => {
      const current = state.get();
      const cursor = { ...current.cursor, node: null };
      state.set({ ...current, cursor, view: { ...current.view, place, ...(source === undefined ? {} : { source }) } });
    },
  };
}

/** @param {World} world */
function settings({ state, session, net, scenes, remember }) {
  /** @param {Record<string, any>} change */
  const view = (change) => {
    const current = state.get();
    state.set(within({ ...current, view: { ...current.view, ...change } }, current, scenes));
  };
  return {
    view,
    setNotation: (/** @type {string} */ notation) => view({ notation }),
    setTheme(/** @type {string} */ theme) {
      remember("theme", theme);
      view({ theme });
    },
    async setLanguage(/** @type {string} */ lang) {
      await knowLanguage(net, lang);
      view({ lang });
    },
    setSingleKeys(/** @type {boolean} */ singleKeys) {
      remember("single-keys", singleKeys ? "on" : "off");
      session.set({ ...session.get(), singleKeys });
    },
    hover(/** @type {string | null} */ hover) {
      if (session.get().hover !== hover) session.set({ ...session.get(), hover });
    },
    help(/** @type {boolean} */ help) {
      session.set({ ...session.get(), help });
    },
    /** A prediction, committed before the answer shows. */
    guess(/** @type {number} */ question, /** @type {any} */ value) {
      view({ guesses: { ...state.get().view.guesses, [question]: value } });
    },
  };
}

/** @param {World} world */
export function createActions(world) {
  const { state, session, scenes, start } = world;
  const moving = movements(world);
  const walk = createWalk(world);
  const again = () => state.get().view.loop === true && (walk.first(), true);
  const editing = createEditing(world);
  const player = createPlayer({
    advance: () => (walk.atEnd() ? again() : (walk.next(), true)),
    rewind: () => walk.atEnd() && walk.first(),
    show: (playing) => session.set({ ...session.get(), playing }),
    pause: walk.pause,
  });
  return {
    ...moving,
    ...walk,
    ...selections(world),
    ...settings(world),
    ...editing,
    ...createCharting(world),
    ...createSharing(world),
    ...player,
    choosePass(/** @type {import("../state/model.js").Pass} */ pass) {
      player.pause();
      moving.point({ pass, t: null });
    },
    chooseScene(/** @type {string} */ key) {
      player.pause();
      if (session.get().problem) session.set({ ...session.get(), problem: null });
      const current = state.get();
      const { guesses: _guesses, place: _place, from: _from, ...view } = current.view;
      const cursor = { ...start.cursor, t: null, node: null };
      state.set(within({ scene: key, cursor, view }, start, scenes));
    },
    reset() {
      player.pause();
      state.set({ ...start, view: { ...start.view, lang: state.get().view.lang } });
    },
    restore: createRestore(world),
  };
}
