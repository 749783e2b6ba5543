/** How large things are drawn, in pixels before any scaling. */

/** @import {GraphNode, Shape} from "./types.js" */

export const VALVES = 6; // more units than this are drawn as bars
export const ROW = 24; // one unit's valve in a column
const ARITHMETIC = new Set(["add", "subtract", "multiply", "divide", "negative", "complement"]);

/**
 * @param {GraphNode} node
 * @returns {Shape}
 */
export function shapeOf(node) {
  if (node.kind === "input" || node.kind === "previous") return "port";
  if (node.kind === "gate" && node.name) return "valve";
  if (node.learned) return node.kind === "gate" ? "valve" : "square";
  return ARITHMETIC.has(node.operation ?? "") && node.label.length <= 2 ? "circle" : "pill";
}

/**
 * @param {Shape} shape
 * @param {{entries: number, label: string, upright: boolean, end: "in"|"out"|null,
 *   input: boolean}} about
 * @returns {{w: number, h: number}}
 */
export function sizeOf(shape, { entries, label, upright, end, input }) {
  switch (shape) {
    case "junction":
      return { w: 8, h: 8 };
    case "circle":
      return upright ? { w: 30, h: 30 } : { w: 32, h: 32 };
    case "pill":
      return { w: Math.max(40, 16 + 9 * label.length), h: 28 };
    case "port":
      return portSize(entries, upright, end === "in" && input);
    default:
      return boxSize(entries, shape, upright);
  }
}

/**
 * @param {number} entries
 * @param {boolean} upright
 * @param {boolean} input
 */
function portSize(entries, upright, input) {
  const listed = entries > 1 && entries <= 3;
  if (entries > 3 && !input) return { w: 104, h: upright ? 44 : 52 }; // "−0.07…0.32"
  if (upright) return { w: input ? 46 : 60, h: 24 + 20 * (listed ? entries : 1) };
  return { w: listed ? 28 + 36 * entries : 66, h: input ? 44 : 52 };
}

/**
 * @param {number} entries
 * @param {Shape} shape
 * @param {boolean} upright
 */
function boxSize(entries, shape, upright) {
  if (entries > VALVES) return { w: 100, h: 66 };
  if (entries > 1) return { w: upright ? 68 : 78, h: 12 + ROW * entries };
  const side = upright ? 50 : 60;
  return shape === "square" ? { w: side, h: side - 8 } : { w: side, h: side };
}
