/** Finds room for the words and numbers beside nodes: where they cover no node and few lines. */

/** @import {DrawnEdge, DrawnNode, Point, Spot} from "./types.js" */

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

const NAME = { w: 20, h: 20 };
const VALUE = { w: 48, h: 20 };
const PRE = { w: 62, h: 18 };
const CLEAR = 3;

/**
 * Puts names, numbers and pre-activations beside the nodes, in place.
 * @param {DrawnNode[]} nodes
 * @param {DrawnEdge[]} edges
 * @param {{scale: number, upright: boolean, symbol: (node: DrawnNode) => string}} about
 */
export function placeLabels(nodes, edges, { scale, upright, symbol }) {
  /** @type {Box[]} */
  const taken = nodes.map((node) => node);
  const lines = edges.flatMap((edge) => segments(edge.points));
  const put = (/** @type {DrawnNode} */ node, /** @type {{w: number, h: number}} */ size,
    /** @type {string[]} */ order) => {
    const sized = { w: size.w * scale, h: size.h * scale };
    const spots = order.map((side) => beside(node, sized, side));
    const cost = spots.map(({ box }, i) => i + badness(box, node, taken, lines));
    const best = spots[cost.indexOf(Math.min(...cost))];
    taken.push(best.box);
    return best.spot;
  };
  const leaving = new Set(nodes.filter((node) => node.end === "out").map((node) => node.ref));
  const named = nodes.filter((node) => node.node && node.shape !== "port");
  for (const node of named.filter(isBox)) {
    const name = { w: Math.max(NAME.w, 9 * symbol(node).length), h: NAME.h };
    node.texts.name = put(node, name, ["nw", "w", "ne", "sw", "e", "se", "n", "s"]);
  }
  for (const node of named.filter(isBox)) {
    const sides = upright ? ["sw", "s", "se", "nw", "ne", "n"] : ["se", "e", "ne", "sw", "w", "s", "nw", "n"];
    node.texts.pre = put(node, PRE, sides);
  }
  for (const node of named.filter((n) => !isBox(n) && !leaving.has(n.id))) {
    const sides = ["e", "ne", "se", "n", "s", "nw", "sw", "w"];
    node.texts.value = put(node, VALUE, sides);
  }
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
  const diagonal = side.length === 2;
  // At a circle's diagonal there is room inside its square.
  const inset = diagonal ? (node.shape === "square" ? -2 : Math.min(node.w, node.h) * 0.07) : -5;
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
