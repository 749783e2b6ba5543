/**
 * The arithmetic that stands beside the equations of a step: asked for once the reader rests on the
 * step, so that it never delays one, and kept.
 */
import { workedAt, workingKey } from "../model/workings.js";

const REST = 60;

/** As many as the server takes at once. */
const MOST = 64;
const KEPT = 2000;

/**
 * @typedef {{key: string, shown: string, address: string}} Line `key` names the numbers it is made of, `shown` its place
 */

/**
 * @param {any} step
 * @returns {Line[]}
 */
function linesOf(step) {
  const { key, content, cursor, trace } = step;
  return (trace ? workedAt(step) : []).map((address) => ({
    key: workingKey(content, cursor, address),
    shown: workingKey(key, cursor, address),
    address,
  }));
}

/** @param {Line[]} lines */
function nameOf(lines) {
  return lines.map(({ key }) => key).join();
}

/**
 * Keeps `session.workings` the lines of arithmetic of the step that is shown.
 * @param {Pick<import("./index.js").World, "session" | "net">} world
 * @param {import("../state/store.js").Source<any>} source the equations' part of the state
 * @returns {() => void}
 */
export function watchWorkings({ session, net }, source) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  let wanted = "";
  let running = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {Line[]} lines */
  const show = (lines) => {
    const found = lines.filter(({ key }) => kept.has(key)).map(({ key, shown }) => [shown, kept.get(key)]);
    session.set({ ...session.get(), workings: Object.fromEntries(found) });
  };
  /** @param {Line[]} lines @param {{scene: any, cursor: import("../state/model.js").Cursor}} step */
  const ask = async (lines, { scene, cursor }) => {
    const { signal } = (running = new AbortController());
    const missing = lines.filter(({ key }) => !kept.has(key)).slice(0, MOST);
    const request = { scene, addresses: missing.map(({ address }) => address), t: cursor.t, pass: cursor.pass };
    // Lines that do not come are left out: each number opens its own all the same.
    const { explanations } = await net.explain(request, signal).catch(() => ({ explanations: [] }));
    explanations.forEach((/** @type {any} */ each, /** @type {number} */ index) => kept.set(missing[index].key, each.text));
    if (nameOf(lines) === wanted) show(lines);
    while (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
  };
  const react = () => {
    const step = source.get();
    const lines = linesOf(step);
    if (nameOf(lines) === wanted) return;
    wanted = nameOf(lines);
    clearTimeout(timer);
    running.abort();
    const missing = lines.filter(({ key }) => !kept.has(key)).length;
    if (missing < lines.length || lines.length === 0) show(lines);
    if (missing > 0) timer = setTimeout(ask, REST, lines, step);
  };
  react();
  return source.subscribe(react);
}
