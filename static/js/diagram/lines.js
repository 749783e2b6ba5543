/** Turns of lines: corner points, rounded paths, lengths. */

/** @import {Point} from "./types.js" */

const RADIUS = 10;

/**
 * Only the corners and ends of a rectilinear way.
 * @param {Point[]} points
 * @returns {Point[]}
 */
export function corners(points) {
  /** @type {Point[]} */
  const kept = [];
  for (const point of points) {
    const last = kept[kept.length - 1];
    if (last && near(last, point)) continue;
    const before = kept[kept.length - 2];
    if (before && collinear(before, last, point)) kept.pop();
    kept.push(point);
  }
  return kept;
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function near(a, b) {
  return Math.abs(a[0] - b[0]) < 0.01 && Math.abs(a[1] - b[1]) < 0.01;
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {Point} c
 */
function collinear(a, b, c) {
  return (Math.abs(a[0] - b[0]) < 0.01 && Math.abs(b[0] - c[0]) < 0.01)
    || (Math.abs(a[1] - b[1]) < 0.01 && Math.abs(b[1] - c[1]) < 0.01);
}

/**
 * An SVG path with rounded corners.
 * @param {Point[]} points
 */
export function rounded(points) {
  const parts = [`M${pair(points[0])}`];
  for (let i = 1; i < points.length - 1; i += 1) {
    const [a, b, c] = [points[i - 1], points[i], points[i + 1]];
    const r = Math.min(RADIUS, gap(a, b) / 2, gap(b, c) / 2);
    parts.push(`L${pair(toward(b, a, r))}Q${pair(b)} ${pair(toward(b, c, r))}`);
  }
  parts.push(`L${pair(points[points.length - 1])}`);
  return parts.join("");
}

/** @param {Point[]} points */
export function lengthOf(points) {
  let sum = 0;
  for (let i = 1; i < points.length; i += 1) sum += gap(points[i - 1], points[i]);
  return sum;
}

/**
 * @param {Point} a
 * @param {Point} b
 */
export function gap(a, b) {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} by
 * @returns {Point}
 */
export function toward(from, to, by) {
  const whole = gap(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) * by) / whole, from[1] + ((to[1] - from[1]) * by) / whole];
}

/** @param {Point} point */
function pair([x, y]) {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
