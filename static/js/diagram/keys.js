/** One stop in the tab order; arrow keys walk from node to node, along lines where there are any. */

/** @import {DrawnNode, Drawing} from "./types.js" */

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * The node to go to from another by an arrow key, or null: the nearest in that direction, where
 * what is connected counts as nearer.
 * @param {Drawing} drawing
 * @param {string} id
 * @param {string} key
 * @returns {string | null}
 */
export function neighbour(drawing, id, key) {
  const way = WAYS[key];
  const from = drawing.nodes.find((node) => node.id === id);
  if (!way || !from) return null;
  const linked = new Set(drawing.edges.flatMap((e) => (e.from === id ? [e.to] : e.to === id ? [e.from] : [])));
  let best = null;
  let least = Infinity;
  for (const node of drawing.nodes) {
    if (node === from || node.shape === "junction") continue;
    const [dx, dy] = between(from, node);
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (ahead < 8 || aside > ahead * 3) continue;
    const cost = (ahead + aside * 2) * (linked.has(node.id) ? 0.5 : 1);
    if (cost < least) [best, least] = [node.id, cost];
  }
  return best;
}

/**
 * @param {DrawnNode} a
 * @param {DrawnNode} b
 */
function between(a, b) {
  return [b.x + b.w / 2 - a.x - a.w / 2, b.y + b.h / 2 - a.y - a.h / 2];
}
