/**
 * The questions a state puts to the server: its scene's trace, the arithmetic of the number that is
 * open. Answers are kept, an answer that comes too late is dropped.
 */
import { parts, sceneOf } from "../state/model.js";

/**
 * @typedef {import("./index.js").World} World
 */

/**
 * Keeps `session.held` the trace of the current scene, with gradients where the pass needs them.
 * @param {World} world
 * @returns {() => void}
 */
export function watchTrace({ state, session, net, lesson }) {
  /** @type {Map<string, Promise<any>>} */
  const asked = new Map();
  let wanted = "";
  /** @param {string} key @param {string} scene @param {boolean} gradients */
  const ask = async (key, scene, gradients) => {
    try {
      const answer = asked.get(key) ?? net.trace(sceneOf(lesson, scene).scene, gradients);
      asked.set(key, answer);
      const trace = await answer;
      if (key === wanted) session.set({ ...session.get(), held: { key: scene, gradients, trace }, problem: null });
    } catch (error) {
      asked.delete(key);
      const { title, message } = /** @type {any} */ (error);
      if (key === wanted) session.set({ ...session.get(), problem: { title: title ?? "", detail: message ?? "" } });
    }
  };
  const react = () => {
    const { scene, cursor } = state.get();
    const { held } = session.get();
    const gradients = cursor.pass === "backward" || (held?.key === scene && held.gradients);
    const key = `${scene} ${gradients}`;
    if (key === wanted) return;
    wanted = key;
    if (held && held.key !== scene) session.set({ ...session.get(), held: null });
    ask(key, scene, gradients);
  };
  react();
  return state.subscribe(react);
}

/**
 * What the open number's explanation is asked with, or null where none is open.
 * @param {import("../state/model.js").State} state
 */
export function openNumber({ cursor: { node, t, pass } }) {
  if (node === null || t === null || parts(node).unit === null) return null;
  return { address: node, t, pass };
}

/**
 * Keeps `session.explanation` the arithmetic of the open number.
 * @param {World} world
 * @returns {() => void}
 */
export function watchExplanation({ state, session, net, lesson }) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  let wanted = "";
  let running = new AbortController();
  /** @param {import("../state/session.js").Explanation | null} explanation */
  const show = (explanation) => session.set({ ...session.get(), explanation });
  /** @param {string} key @param {any} request */
  const ask = async (key, request) => {
    running.abort();
    running = new AbortController();
    show({ key, status: "loading", document: null, problem: "" });
    try {
      const document = await net.explain(request, running.signal);
      kept.set(key, document);
      if (key === wanted) show({ key, status: "ready", document, problem: "" });
    } catch (error) {
      const problem = /** @type {any} */ (error).message ?? "";
      if (key === wanted) show({ key, status: "failed", document: null, problem });
    }
  };
  const react = () => {
    const current = state.get();
    const open = openNumber(current);
    const key = open ? `${current.scene} ${open.pass} ${open.t} ${open.address}` : "";
    if (key === wanted) return;
    wanted = key;
    if (!open) show(null);
    else if (kept.has(key)) show({ key, status: "ready", document: kept.get(key), problem: "" });
    else ask(key, { scene: sceneOf(lesson, current.scene).scene, ...open });
  };
  react();
  return state.subscribe(react);
}
