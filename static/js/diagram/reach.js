/** How far a step has come in a drawing, when it is walked value by value. */

/** @import {DrawnEdge, DrawnNode, Update} from "./types.js" */

/**
 * The values a node stands for: its own and its pre-activation's; an unnamed operation stands for the
 * value it helps to make. What enters the cell stands for none.
 * @param {DrawnNode} drawn
 * @returns {string[]}
 */
export function standsFor({ node, end }) {
  if (!node || end === "in") return [];
  const own = node.name ?? node.id.split(".")[0];
  return node.pre ? [node.pre, own] : [own];
}

/**
 * The values that each line helps to make, going forward; whose gradient it brings, going backward.
 * @param {DrawnEdge} edge
 * @param {Map<string, string[]>} values by node
 * @returns {{forward: string[], backward: string[]}}
 */
export function brings(edge, values) {
  const pairs = (edge.carries.length ? edge.carries : [`${edge.from}>${edge.to}`]).map((id) => id.split(">"));
  const of = (/** @type {0 | 1} */ side) => pairs.flatMap((pair) => values.get(pair[side]) ?? []);
  const [forward, backward] = [of(1), of(0)];
  // What enters the cell has no value of its own here: its gradient comes with that of what it feeds.
  return { forward, backward: backward.length ? backward : forward };
}

/**
 * @param {string[]} names
 * @param {Update} update
 * @returns {"present" | "reached" | "ahead"}
 */
export function standing(names, { reached, current }) {
  if (!reached || names.length === 0) return names.some((name) => current?.includes(name)) ? "present" : "reached";
  if (names.some((name) => current?.includes(name))) return "present";
  return names.some((name) => reached.includes(name)) ? "reached" : "ahead";
}
