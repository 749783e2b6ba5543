/** Draws the lines and shows on them what passes: full, thin, dashed; forwards or backwards. */

/** @import {DrawnEdge, Point, Update} from "./types.js" */

import { gap, rounded, toward } from "./lines.js";
import { entriesOf, logarithmic, openness } from "./numbers.js";
import { standing } from "./reach.js";
import { set, svg } from "./svg.js";

const CLOSED = 0.02;
const WIDTHS = { belt: [2, 8], gate: [1.6, 4], flow: [1.6, 4], weighted: [1.6, 2.4], bus: [3, 3] };

/**
 * What enters a learned node is only one term of its sum: inputs look like the bus, the rest thin.
 * @param {DrawnEdge} edge
 */
function styleOf({ kind, weighted, role }) {
  if (kind !== "flow" || !weighted) return kind;
  return role === "plain" ? "bus" : "weighted";
}

/**
 * @typedef {object} Wire
 * @property {DrawnEdge} edge
 * @property {SVGGElement} group
 * @property {SVGPathElement} line
 * @property {SVGPathElement} flow
 * @property {SVGPathElement | null} head
 * @property {{forward: string[], backward: string[]}} brings the values it helps to make
 * @property {boolean} moves whether something runs along it at this moment
 */

/**
 * @param {DrawnEdge} edge
 * @param {Wire["brings"]} brings
 * @returns {Wire}
 */
export function lay(edge, brings) {
  const group = svg("g", { class: `dg-edge dg-${styleOf(edge)} dg-role-${edge.role}` });
  group.dataset.id = edge.id;
  const line = svg("path", { d: edge.path, class: "dg-line" });
  const flow = svg("path", { d: edge.path, class: "dg-pulse" });
  group.append(line);
  if (edge.dot) group.append(svg("circle", { cx: edge.dot[0], cy: edge.dot[1], r: 3.5, class: "dg-dot" }));
  const headed = edge.arrow && (edge.kind !== "belt" || edge.to.endsWith("[t]"));
  const head = headed ? svg("path", { class: "dg-head" }) : null;
  if (head) group.append(head);
  group.append(flow);
  return { edge, group, line, flow, head, brings, moves: true };
}

/**
 * @param {Wire} wire
 * @param {Update} update
 */
export function run(wire, update) {
  const { edge } = wire;
  const backward = update.pass === "backward";
  const way = standing(wire.brings[backward ? "backward" : "forward"], update);
  wire.moves = way === "present" || !update.current?.length;
  const share = way === "ahead" ? null : backward ? gradientShare(edge, update) : forwardShare(edge, update);
  const [least, most] = WIDTHS[styleOf(edge)];
  const known = share !== null;
  const shut = known && share < CLOSED;
  const width = known ? least + (most - least) * share : least;
  const size = edge.kind === "belt" ? 13 : 7;
  set(wire.line, { d: wire.head ? rounded(trimmed(edge.points, backward, size)) : edge.path });
  wire.line.style.strokeWidth = `${width}px`;
  wire.group.classList.toggle("dg-shut", shut);
  wire.group.classList.toggle("dg-unknown", !known);
  wire.group.classList.toggle("dg-backward", backward);
  if (wire.head) set(wire.head, { d: headOf(edge.points, backward, size) });
}

/**
 * @param {DrawnEdge} edge
 * @param {Update} update
 */
function forwardShare(edge, update) {
  if (!update.values) return null;
  if (!edge.gate) return 1;
  return openness(entriesOf(update.values, edge.gate), update.unit ?? 0, edge.inverted);
}

/**
 * @param {DrawnEdge} edge
 * @param {Update} update
 */
function gradientShare(edge, update) {
  if (!update.gradients) return null;
  const names = edge.value ? [edge.value] : edge.carries.map((id) => id.split(">")[1]);
  const sizes = names.map((name) => logarithmic(entriesOf(update.gradients, name)));
  const known = sizes.filter((size) => size !== null);
  return known.length ? Math.max(...known) : logarithmic(entriesOf(update.gradients, edge.to));
}

/**
 * The line without the bit that its arrow's head covers.
 * @param {Point[]} points
 * @param {boolean} backward
 * @param {number} size
 * @returns {Point[]}
 */
function trimmed(points, backward, size) {
  const way = backward ? [...points].reverse() : [...points];
  const [last, before] = [way[way.length - 1], way[way.length - 2]];
  way[way.length - 1] = toward(last, before, Math.min(size, gap(last, before) / 2));
  return backward ? way.reverse() : way;
}

/**
 * An arrow's head at the end of a line, or at its beginning when gradients flow back.
 * @param {Point[]} points
 * @param {boolean} backward
 * @param {number} size
 */
function headOf(points, backward, size) {
  const way = backward ? points : [...points].reverse();
  const [tip, next] = way;
  const far = toward(tip, next, Math.min(size * 1.3, gap(tip, next)));
  const [dx, dy] = [tip[0] - far[0], tip[1] - far[1]];
  const long = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / long) * size * 0.62, (dx / long) * size * 0.62];
  const pair = (/** @type {number} */ x, /** @type {number} */ y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${pair(tip[0], tip[1])}L${pair(far[0] + nx, far[1] + ny)}L${pair(far[0] - nx, far[1] - ny)}Z`;
}
