/**
 * The walk through a sequence. Position 0 is before the first step; position 1 is the first step taken:
 * the first in time going forward, the last in time going backward.
 */

/** @typedef {import("./model.js").Cursor} Cursor */

/**
 * @param {Cursor} cursor
 * @param {number} steps
 * @returns {number} 0 to steps
 */
export function position({ pass, t }, steps) {
  if (t === null) return 0;
  return pass === "forward" ? t + 1 : steps - t;
}

/**
 * @param {number} place 0 to steps; beyond is clamped
 * @param {import("./model.js").Pass} pass
 * @param {number} steps
 * @returns {number | null} t
 */
export function stepAt(place, pass, steps) {
  const bounded = Math.max(0, Math.min(steps, place));
  if (bounded === 0) return null;
  return pass === "forward" ? bounded - 1 : steps - bounded;
}
