/** Finds room for the words and numbers beside nodes: where they cover no node and few lines. */

/** @import {DrawnEdge, DrawnNode, Point, Spot} from "./types.js" */

/** @typedef {{x: number, y: number, w: number, h: number}} Box */
/** @typedef {{box: Box, spot: Spot, cost: number}} Choice */

const HEIGHT = 19;
const NAME = 20;
const VALUE = 48;
const LETTER = 7.5; // the width of one, in the quiet text beside a gate
const NUMBER = 6; // letters of a number with its brackets
const CLEAR = 3;

/** Where to try, best first. Upright, there is room above and below a gate but not beside it. */
const ORDERS = {
  across: { name: ["nw", "w", "ne", "sw", "e", "se", "n", "s"], pre: ["under", "se", "sw", "e", "ne", "w", "s", "nw", "n"] },
  upright: { name: ["nw", "ne", "n", "sw", "se", "s"], pre: ["sw", "s", "se", "nw", "ne", "n"] },
};
const AROUND = ["e", "ne", "se", "n", "s", "nw", "sw", "w"];

/**
 * Puts names, numbers and pre-activations beside the nodes, in place; the room they take.
 * @param {DrawnNode[]} nodes
 * @param {DrawnEdge[]} edges
 * @param {{scale: number, upright: boolean}} about
 * @returns {Box[]}
 */
export function placeLabels(nodes, edges, { scale, upright }) {
  /** @type {Box[]} */
  const taken = nodes.map((node) => node);
  const lines = edges.flatMap((edge) => segments(edge.points));
  const room = roomFor(nodes, upright);
  const order = upright ? ORDERS.upright : ORDERS.across;
  const choices = (/** @type {DrawnNode} */ node, /** @type {number} */ w, /** @type {string[]} */ sides) =>
    sides.map((side, i) => {
      const { box, spot } = beside(node, { w: w * scale, h: HEIGHT * scale }, side);
      return { box, spot, cost: i + badness(box, node, taken, lines) + outside(box, room) / (upright ? 2 : 4) };
    });
  const leaving = new Set(nodes.filter((node) => node.end === "out").map((node) => node.ref));
  const named = nodes.filter((node) => node.node && node.shape !== "port");
  for (const node of named.filter(isBox)) {
    const names = choices(node, Math.max(NAME, 9 * (node.node?.name ?? "").length), order.name);
    const [name, pre] = together(names, choices(node, LETTER * (node.label.length + NUMBER), order.pre));
    if (node.node?.name) node.texts.name = name.spot;
    node.texts.pre = pre.spot;
    taken.push(name.box, pre.box);
  }
  for (const node of named.filter((n) => !isBox(n) && !leaving.has(n.id))) {
    const [best] = choices(node, VALUE, AROUND).sort((a, b) => a.cost - b.cost);
    node.texts.value = best.spot;
    taken.push(best.box);
  }
  return taken.slice(nodes.length);
}

/**
 * The best pair of places for two words that must not cover each other.
 * @param {Choice[]} names
 * @param {Choice[]} pres
 * @returns {[Choice, Choice]}
 */
function together(names, pres) {
  const pairs = names.flatMap((name) => pres.map((pre) => /** @type {[Choice, Choice]} */ ([name, pre])));
  const cost = pairs.map(([a, b]) => a.cost + b.cost + (overlap(a.box, b.box) ? 200 : 0));
  return pairs[cost.indexOf(Math.min(...cost))];
}

/**
 * Where words stand well: inside the frame, which keeps some room around the nodes.
 * @param {DrawnNode[]} nodes
 * @param {boolean} upright
 * @returns {Box}
 */
function roomFor(nodes, upright) {
  const inner = nodes.filter((node) => node.shape !== "port");
  const { x, y, w, h } = hull(inner);
  const [dx, dy] = upright ? [10, 24] : [40, 22];
  return { x: x - dx, y: y - dy, w: w + 2 * dx, h: h + 2 * dy };
}

/**
 * The box around boxes.
 * @param {Box[]} boxes
 * @returns {Box}
 */
export function hull(boxes) {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.w));
  const bottom = Math.max(...boxes.map((b) => b.y + b.h));
  return { x, y, w: right - x, h: bottom - y };
}

/**
 * How far a box sticks out of another, sideways and up or down together.
 * @param {Box} box
 * @param {Box} room
 */
function outside(box, room) {
  const over = [
    room.x - box.x, box.x + box.w - room.x - room.w, room.y - box.y, box.y + box.h - room.y - room.h,
  ];
  return over.reduce((sum, by) => sum + Math.max(0, by), 0);
}

/** @param {DrawnNode} node */
function isBox(node) {
  return node.shape === "valve" || node.shape === "square";
}

/**
 * @param {DrawnNode} node
 * @param {{w: number, h: number}} size
 * @param {string} side
 * @returns {{box: Box, spot: Spot}}
 */
function beside(node, { w, h }, side) {
  const [cx, cy] = [node.x + node.w / 2, node.y + node.h / 2];
  if (side === "under") {
    // Right of the line that enters from below.
    const box = { x: cx + 8, y: node.y + node.h + 3, w, h };
    return { box, spot: { x: box.x, y: box.y + h / 2, anchor: "start" } };
  }
  const diagonal = side.length === 2;
  // At a circle's diagonal there is room inside its square.
  const round = node.shape !== "square" && node.entries === 1;
  const inset = diagonal ? (round ? Math.min(node.w, node.h) * 0.07 : -4) : -5;
  const right = side.includes("e");
  const left = side.includes("w");
  const dx = right ? node.w / 2 - inset : left ? -node.w / 2 + inset - w : -w / 2;
  const middle = -h / 2;
  const dy = side.includes("n") ? -node.h / 2 - h + (diagonal ? h * 0.45 + inset : 0) - 2
    : side.includes("s") ? node.h / 2 + 2 - (diagonal ? h * 0.45 + inset : 0)
      : middle;
  const box = { x: cx + dx, y: cy + dy, w, h };
  const anchor = right ? "start" : left ? "end" : "middle";
  const x = right ? box.x : left ? box.x + w : box.x + w / 2;
  return { box, spot: { x, y: box.y + h / 2, anchor } };
}

/**
 * @param {Box} box
 * @param {DrawnNode} own
 * @param {Box[]} taken
 * @param {[Point, Point][]} lines
 */
function badness(box, own, taken, lines) {
  let sum = 0;
  for (const other of taken) {
    if (other !== own) sum += (overlap(box, other) / (box.w * box.h)) * 160;
  }
  for (const [a, b] of lines) sum += covered(box, a, b) > 0 ? 14 + covered(box, a, b) : 0;
  return sum;
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

/**
 * How much of a level or upright line lies in a box.
 * @param {Box} box
 * @param {Point} a
 * @param {Point} b
 */
function covered(box, a, b) {
  const left = Math.max(box.x - CLEAR, Math.min(a[0], b[0]));
  const right = Math.min(box.x + box.w + CLEAR, Math.max(a[0], b[0]));
  const top = Math.max(box.y - CLEAR, Math.min(a[1], b[1]));
  const bottom = Math.min(box.y + box.h + CLEAR, Math.max(a[1], b[1]));
  return left <= right && top <= bottom ? right - left + bottom - top : 0;
}

/**
 * @param {Point[]} points
 * @returns {[Point, Point][]}
 */
function segments(points) {
  return points.slice(1).map((point, i) => [points[i], point]);
}
