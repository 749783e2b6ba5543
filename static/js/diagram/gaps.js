/** The second measure: coordinates once it is known which tracks are used, and how far to spread. */

/** @import {Item} from "./types.js" */
/** @import {Lattice} from "./lattice.js" */

const ACROSS = { column: 50, tight: 34, row: 22, snug: 22, below: 28 };
const UPRIGHT = { column: 34, tight: 34, row: 9, snug: 5, below: 9 };
const WIDEST = 110;
const APART = 6;

/**
 * @param {Lattice} lattice
 * @param {Item[]} items
 * @param {{upright: boolean, scale: number, spare: number | null}} about
 *   `spare`: how much wider than tight it may become; null for the usual gaps
 */
export function gapsOf(lattice, items, { upright, scale, spare }) {
  const base = upright ? UPRIGHT : ACROSS;
  const gaps = {
    u: inner(lattice.u.bands, (spare !== null ? base.tight : base.column) * scale),
    v: inner(lattice.v.bands, (spare !== null ? base.snug : base.row) * scale),
  };
  /** @type {Map<number, number>} */
  const early = new Map();
  for (const item of items) {
    // Inputs stand outside the frame.
    if (item.end === "in" && item.node?.kind === "input") {
      gaps.v[item.row] = (base.row + base.below) * scale;
      early.set(item.row, 0.25);
    }
    // Between the gates and the bus stand their pre-activations.
    if (item.shape === "junction" && !upright) gaps.v[item.row] = (base.row + 10) * scale;
  }
  // Before the outlets lines turn back down to the lane they came in by.
  gaps.u[lattice.u.bands - 1] += (upright ? 6 : 40) * scale;
  narrow(gaps.u, items, upright);
  const usedU = (/** @type {number} */ i) => busy(lattice, i, true);
  const usedV = (/** @type {number} */ i) => busy(lattice, i, false);
  const late = new Map([[lattice.u.bands - 1, 0.72]]);
  let us = lattice.u.measure(lattice.bands.u, gaps.u, usedU, late);
  if (spare) {
    const more = spare / Math.max(1, lattice.u.bands - 1);
    const wider = gaps.u.map((gap, i) =>
      i === 0 || i === lattice.u.bands ? gap : Math.min(WIDEST * scale, gap + more));
    us = lattice.u.measure(lattice.bands.u, wider, usedU, late);
  }
  let vs = lattice.v.measure(lattice.bands.v, gaps.v, usedV, early);
  if (part(gaps.v, items, vs.middles, upright)) {
    vs = lattice.v.measure(lattice.bands.v, gaps.v, usedV, early);
  }
  return { us, vs };
}

/**
 * @param {number} bands
 * @param {number} size
 */
function inner(bands, size) {
  return Array.from({ length: bands + 1 }, (_, i) => (i === 0 || i === bands ? 0 : size));
}

/**
 * Columns that hold only the bus's junction and inputs need no room for words beside them.
 * @param {number[]} gaps
 * @param {Item[]} items
 * @param {boolean} upright
 */
function narrow(gaps, items, upright) {
  for (let column = 0; column < gaps.length - 1; column += 1) {
    const here = items.filter((item) => item.column === column);
    const thin = here.every((item) => item.shape === "junction" || item.node?.kind === "input");
    if (thin && here.length && column > 0) {
      gaps[column] *= upright ? 0.7 : 0.8;
      gaps[column + 1] *= upright ? 0.7 : 0.8;
    }
  }
}

/**
 * Whether any way runs along a line of an axis.
 * @param {Lattice} lattice
 * @param {number} index
 * @param {boolean} alongU
 */
function busy(lattice, index, alongU) {
  const count = alongU ? lattice.v.count : lattice.u.count;
  const holder = alongU ? lattice.across : lattice.along;
  for (let other = 0; other < count; other += 1) {
    const point = alongU ? lattice.point(index, other) : lattice.point(other, index);
    if (holder[point] !== -1) return true;
  }
  return false;
}

/**
 * Labelled ends may stick out of their lane; where two of them meet, their lanes move apart.
 * @param {number[]} gaps
 * @param {Item[]} items
 * @param {number[]} middles
 * @param {boolean} upright
 */
function part(gaps, items, middles, upright) {
  let moved = false;
  const rim = items.filter((item) => item.shape === "port");
  for (const column of new Set(rim.map((item) => item.column))) {
    const here = rim.filter((item) => item.column === column).sort((a, b) => a.row - b.row);
    for (let i = 1; i < here.length; i += 1) {
      const [a, b] = [here[i - 1], here[i]];
      const need = (upright ? a.w + b.w : a.h + b.h) / 2 + APART;
      const missing = need - (middles[b.row] - middles[a.row]);
      if (missing > 0) {
        gaps[b.row] += missing;
        moved = true;
      }
    }
  }
  return moved;
}
