/**
 * What a value of a cell is made of, and what it makes: for lighting it up wherever it stands.
 */

/**
 * @typedef {import("./trace.js").Cell} Cell
 * @typedef {{id: string, name: string | null, pre: string | null, kind: string}} Node
 * @typedef {{from: string, to: string}} Edge
 */

/**
 * The node of the graph that stands for a value, or for the sum that enters it.
 * @param {Node[]} nodes
 * @param {string} name
 */
function nodeOf(nodes, name) {
  return nodes.find((node) => node.id === name) ?? nodes.find((node) => node.pre === name || (node.name === name && node.kind !== "previous"));
}

/**
 * Everything that can be reached from a node along the edges, one way.
 * @param {string} start
 * @param {Edge[]} edges
 * @param {"from" | "to"} here
 * @param {"from" | "to"} there
 */
function reach(start, edges, here, there) {
  const found = new Set([start]);
  for (const id of found) for (const edge of edges) if (edge[here] === id) found.add(edge[there]);
  return found;
}

/** @type {WeakMap<Cell, Map<string, Set<string>>>} */
const kept = new WeakMap();

/**
 * The names lit with a value: its own, those on all ways into it and out of it, `h[t-1]` for what comes
 * from the step before; a value of the readout is `readout.y`, and hangs on the cell's output.
 * @param {Cell | undefined} cell
 * @param {string | null} name
 * @returns {Set<string> | null} null where nothing is pointed at
 */
export function relatedTo(cell, name) {
  if (!cell || name === null) return null;
  const known = kept.get(cell) ?? new Map();
  kept.set(cell, known);
  if (!known.has(name)) known.set(name, names(cell, name));
  return known.get(name);
}

/**
 * @param {Cell} cell
 * @param {string} name
 */
function names(cell, name) {
  /** @type {{nodes: Node[], edges: Edge[]}} */
  const { nodes, edges } = cell.graph;
  const outside = name.startsWith("readout.");
  const start = nodeOf(nodes, outside ? cell.output : name);
  const found = new Set([name]);
  if (!start) return found;
  const before = reach(start.id, edges, "to", "from");
  const ids = outside ? before : new Set([...before, ...reach(start.id, edges, "from", "to")]);
  for (const node of nodes.filter(({ id }) => ids.has(id))) {
    if (node.name !== null) found.add(node.kind === "previous" ? node.id : node.name);
    if (node.pre !== null) found.add(node.pre);
  }
  const output = nodeOf(nodes, cell.output);
  if (outside || (output && ids.has(output.id))) for (const each of ["readout.z", "readout.y"]) found.add(each);
  return found;
}
