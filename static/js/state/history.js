/**
 * Undo and redo over whole states. A drag is one entry, however many states it passed through.
 */

const MOST = 100;

/**
 * @typedef {import("./model.js").State} State
 * @typedef {{past: State[], future: State[], tag: string | null}} History
 */

/** @type {History} */
export const NO_HISTORY = { past: [], future: [], tag: null };

/**
 * @param {History} history
 * @param {State} before the state that an edit leaves
 * @param {string | null} tag edits in a row with one tag are one entry
 * @returns {History}
 */
export function record({ past, tag: last }, before, tag) {
  if (tag !== null && tag === last) return { past, future: [], tag };
  return { past: [...past, before].slice(-MOST), future: [], tag };
}

/**
 * @param {History} history
 * @param {State} now
 * @returns {{history: History, state: State} | null} null where there is nothing to take back
 */
export function back({ past, future }, now) {
  const state = past.at(-1);
  if (!state) return null;
  return { history: { past: past.slice(0, -1), future: [...future, now], tag: null }, state };
}

/**
 * @param {History} history
 * @param {State} now
 * @returns {{history: History, state: State} | null} null where there is nothing to do again
 */
export function forth({ past, future }, now) {
  const state = future.at(-1);
  if (!state) return null;
  return { history: { past: [...past, now], future: future.slice(0, -1), tag: null }, state };
}
