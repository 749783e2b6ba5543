/**
 * The lattice that lines are routed on: which points nodes block, which points each net already
 * uses and in which direction. Nets may cross at right angles, never run on top of each other.
 */

/** @import {Item} from "./types.js" */

import { Axis } from "./axis.js";

export const UP = 0; // −v, towards the memory
export const AFTER = 1; // +u, with time
export const DOWN = 2;
export const BEFORE = 3;
/** @type {[number, number][]} */
export const STEPS = [[0, -1], [1, 0], [0, 1], [-1, 0]];

/** @typedef {{point: number, direction: number, cost: number, key: string}} Port */

export class Lattice {
  /**
   * @param {Item[]} items
   * @param {{columns: number, rows: number}} grid
   * @param {number} tracks
   * @param {boolean} upright
   */
  constructor(items, { columns, rows }, tracks, upright) {
    this.u = new Axis(columns, tracks);
    this.v = new Axis(rows, tracks);
    this.upright = upright;
    const size = this.u.count * this.v.count;
    this.blocked = new Uint8Array(size);
    this.along = new Int32Array(size).fill(-1); // the net that runs through along u
    this.across = new Int32Array(size).fill(-1);
    /** @type {Map<string, string>} */
    this.ports = new Map();
    const wide = (/** @type {Item} */ item) => item.shape === "valve" || item.shape === "square";
    this.wideColumns = new Set(items.filter(wide).map((item) => item.column));
    this.wideRows = new Set(items.filter(wide).map((item) => item.row));
    for (const item of items) this.block(item);
    const bands = extents(items, columns, rows, upright);
    const all = () => true;
    this.bands = bands;
    this.us = this.u.measure(bands.u, new Array(columns + 1).fill(0), all).lines;
    this.vs = this.v.measure(bands.v, new Array(rows + 1).fill(0), all).lines;
  }

  /**
   * @param {number} iu
   * @param {number} iv
   */
  point(iu, iv) {
    return iu * this.v.count + iv;
  }

  /** @param {number} point */
  iu(point) {
    return Math.floor(point / this.v.count);
  }

  /** @param {number} point */
  iv(point) {
    return point % this.v.count;
  }

  /** @param {Item} item */
  block(item) {
    for (const a of [-1, 0, 1]) {
      for (const b of [-1, 0, 1]) {
        this.blocked[this.point(this.u.line(item.column, a), this.v.line(item.row, b))] = 1;
      }
    }
  }

  /**
   * Whether a line may run from a point in a direction at all: side lines of bands that hold no
   * box lie too near to the middle for it.
   * @param {number} point
   * @param {number} direction
   */
  runs(point, direction) {
    if (direction === UP || direction === DOWN) {
      const at = this.u.at(this.iu(point));
      return at.side === 0 || this.wideColumns.has(at.band);
    }
    const at = this.v.at(this.iv(point));
    return at.side === 0 || this.wideRows.has(at.band);
  }

  /**
   * The point next to another, or −1 outside.
   * @param {number} point
   * @param {number} direction
   */
  next(point, direction) {
    const [du, dv] = STEPS[direction];
    const iu = this.iu(point) + du;
    const iv = this.iv(point) + dv;
    if (iu < 0 || iv < 0 || iu >= this.u.count || iv >= this.v.count) return -1;
    return this.point(iu, iv);
  }

  /**
   * @param {number} a
   * @param {number} b
   */
  distance(a, b) {
    return Math.abs(this.us[this.iu(a)] - this.us[this.iu(b)])
      + Math.abs(this.vs[this.iv(a)] - this.vs[this.iv(b)]);
  }

  /**
   * Write a path's points into the lattice.
   * @param {number[]} points
   * @param {number} net
   */
  occupy(points, net) {
    for (let i = 1; i < points.length; i += 1) {
      const level = this.iv(points[i]) === this.iv(points[i - 1]);
      const used = level ? this.along : this.across;
      used[points[i]] = net;
      used[points[i - 1]] = net;
    }
  }

  /**
   * Where lines may meet an item, with what each place costs.
   * @param {Item} item
   * @param {number[]} costs by direction: up, after, down, before
   * @returns {Port[]}
   */
  portsOf(item, costs) {
    const { column, row } = item;
    const boxed = item.shape === "valve" || item.shape === "square";
    /** @type {Port[]} */
    const ports = [];
    STEPS.forEach(([du, dv], direction) => {
      for (const side of boxed ? [0, -1, 1] : [0]) {
        const point = this.point(
          this.u.line(column, du || side * Math.abs(dv)),
          this.v.line(row, dv || side * Math.abs(du)),
        );
        const cost = costs[direction] + (side ? 26 : 0);
        if (cost < 1000) ports.push({ point, direction, cost, key: `${item.id}/${direction}/${side}` });
      }
    });
    return ports;
  }
}

/**
 * The size of each column and row. Labelled ends stand alone at the rim, where they may stick out
 * of their own lane, so they do not widen it.
 * @param {Item[]} items
 * @param {number} columns
 * @param {number} rows
 * @param {boolean} upright
 */
function extents(items, columns, rows, upright) {
  const u = new Array(columns).fill(8);
  const v = new Array(rows).fill(8);
  for (const item of items) {
    const [du, dv] = upright ? [item.h, item.w] : [item.w, item.h];
    const rim = item.shape === "port";
    const input = item.node?.kind === "input" && item.end === "in";
    if (!rim || !input) u[item.column] = Math.max(u[item.column], du);
    if (!rim || input) v[item.row] = Math.max(v[item.row], dv);
  }
  return { u, v };
}
