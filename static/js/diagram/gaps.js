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
 * @param {{upright: boolean, scale: number, spare: number | null, press: number}} about
 *   `spare`: how much wider than tight it may become; null for the usual gaps
 *   `press`: 1, or the share of the usual gaps from top to bottom where the room is low
 */
export function gapsOf(lattice, items, { upright, scale, spare, press }) {
  const base = pressed(upright ? UPRIGHT : ACROSS, upright, press);
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
  const measure = () => ({
    us: lattice.u.measure(lattice.bands.u, gaps.u, usedU, late),
    vs: lattice.v.measure(lattice.bands.v, gaps.v, usedV, early),
  });
  if (spare) {
    const more = spare / Math.max(1, lattice.u.bands - 1);
    for (let i = 1; i < lattice.u.bands; i += 1) gaps.u[i] = Math.min(WIDEST * scale, gaps.u[i] + more);
  }
  let measured = measure();
  for (let tries = 0; tries < 4 && part(gaps, items, measured, upright); tries += 1) measured = measure();
  return measured;
}

/**
 * @param {typeof ACROSS} base
 * @param {boolean} upright
 * @param {number} press
 */
function pressed(base, upright, press) {
  if (upright) return { ...base, column: base.column * press, tight: base.tight * press };
  return { ...base, row: base.row * press, snug: base.snug * press, below: base.below * press };
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
 * Labelled ends may stick out of their lane or rank; where they would cover another node, the gap
 * between the two widens.
 * @param {{u: number[], v: number[]}} gaps
 * @param {Item[]} items
 * @param {{us: {middles: number[]}, vs: {middles: number[]}}} at
 * @param {boolean} upright
 * @returns {boolean} whether any gap was widened
 */
function part(gaps, items, { us, vs }, upright) {
  const wider = new Map();
  for (const a of items.filter((item) => item.shape === "port")) {
    for (const b of items) {
      if (a === b) continue;
      const [du, dv] = upright ? [a.h + b.h, a.w + b.w] : [a.w + b.w, a.h + b.h];
      const u = du / 2 + APART - Math.abs(us.middles[a.column] - us.middles[b.column]);
      const v = dv / 2 + APART - Math.abs(vs.middles[a.row] - vs.middles[b.row]);
      if (u <= 0.01 || v <= 0.01) continue;
      const key = a.column === b.column ? `v${Math.max(a.row, b.row)}` : `u${Math.max(a.column, b.column)}`;
      wider.set(key, Math.max(wider.get(key) ?? 0, a.column === b.column ? v : u));
    }
  }
  for (const [key, by] of wider) (key[0] === "u" ? gaps.u : gaps.v)[Number(key.slice(1))] += by;
  return wider.size > 0;
}
