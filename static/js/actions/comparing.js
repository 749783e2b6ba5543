/**
 * The networks beside the one on the page, on the same steps: which they are, and their traces.
 */
import { MOST, onSameInput, withCell } from "../compare/scenes.js";
import { drawn } from "../state/drawn.js";
import { described } from "./restoring.js";

/**
 * @typedef {import("./index.js").World} World
 * @typedef {import("../state/scenes.js").Reference} Reference
 * @typedef {import("../state/session.js").Compared} Compared
 */

const KEPT = 12;

/** @param {World} world */
export function createComparing({ state, session, scenes }) {
  /** @param {Reference[]} compare */
  const set = (compare) => {
    const current = state.get();
    state.set({ ...current, view: { ...current.view, compare } });
  };
  const chosen = () => /** @type {Reference[]} */ (state.get().view.compare ?? []);
  return {
    /** @param {Reference} reference a scene to set beside the one on the page */
    compareWith(reference) {
      if (chosen().length < MOST) set([...chosen(), reference]);
    },
    /** @param {string} cell the same input with this cell in every layer */
    compareCell(cell) {
      if (chosen().length < MOST) set([...chosen(), withCell(drawn(state.get(), session.get(), scenes).shown.scene, cell)]);
    },
    /** @param {number} index */
    uncompare(index) {
      set(chosen().filter((_, each) => each !== index));
    },
  };
}

/**
 * The panels that show compared networks see to it that they are there, whichever opens first.
 * @param {World & {comparing?: boolean}} world
 */
export function keepCompared(world) {
  if (world.comparing) return;
  world.comparing = true;
  watchCompared(world);
}

/**
 * Keeps `session.compared` the traces of the scenes in `view.compare`, on the input of the page's own.
 * @param {World} world
 * @returns {() => void}
 */
export function watchCompared({ state, session, scenes, net }) {
  /** @type {Map<string, Promise<Compared>>} */
  const asked = new Map();
  let wanted = "";

  /** @param {Reference} given @param {boolean} gradients @returns {Promise<Compared>} */
  const ask = async (given, gradients) => {
    try {
      const reference = scenes.resolve(given) ? given : scenes.learn(given, await described(net, given));
      const scene = /** @type {import("../state/scenes.js").Resolved} */ (scenes.resolve(reference));
      return { reference, scene, gradients, trace: await net.trace(scene.scene, gradients), problem: "" };
    } catch (error) {
      return { reference: given, scene: null, gradients, trace: null, problem: /** @type {any} */ (error).message ?? "" };
    }
  };
  /** @param {Reference} reference @param {any} main @returns {Reference} */
  const beside = (reference, main) => (typeof reference === "string" ? reference : onSameInput(reference, main));

  const react = async () => {
    const now = state.get();
    const { shown } = drawn(now, session.get(), scenes);
    const gradients = now.cursor.pass === "backward";
    const list = (Array.isArray(now.view.compare) ? now.view.compare.slice(0, MOST) : []).map((/** @type {Reference} */ each) => beside(each, shown.scene));
    const keys = list.map((/** @type {Reference} */ each) => JSON.stringify([each, gradients]));
    if (keys.join() === wanted) return;
    wanted = keys.join();
    const mine = wanted;
    const found = list.map((/** @type {Reference} */ each, /** @type {number} */ index) => {
      const answer = asked.get(keys[index]) ?? ask(each, gradients);
      asked.set(keys[index], answer);
      answer.then(({ problem }) => problem && asked.delete(keys[index]));
      return answer;
    });
    while (asked.size > KEPT) asked.delete(/** @type {string} */ (asked.keys().next().value));
    const compared = await Promise.all(found);
    if (mine === wanted) session.set({ ...session.get(), compared });
  };
  react();
  const offs = [state.subscribe(react), session.subscribe(react)];
  return () => offs.forEach((off) => off());
}
