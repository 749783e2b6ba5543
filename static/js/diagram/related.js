/** What a node depends on and what depends on it. */

/** @import {Drawing} from "./types.js" */

/**
 * Ids of the nodes and edges on all ways into and out of a node.
 * @param {Drawing} drawing
 * @param {string} id
 * @returns {Set<string>}
 */
export function related(drawing, id) {
  const found = new Set([id]);
  collect(drawing, id, found, "to", "from");
  collect(drawing, id, found, "from", "to");
  for (const edge of [...drawing.edges].reverse()) {
    // A line that leaves another runs along it first.
    if (found.has(edge.id) && edge.via) found.add(edge.via);
  }
  return found;
}

/**
 * @param {Drawing} drawing
 * @param {string} id
 * @param {Set<string>} found
 * @param {"from"|"to"} here
 * @param {"from"|"to"} there
 */
function collect(drawing, id, found, here, there) {
  const pending = [id];
  const seen = new Set(pending);
  while (pending.length) {
    const at = pending.pop();
    for (const edge of drawing.edges) {
      if (edge[here] !== at) continue;
      found.add(edge.id);
      found.add(edge[there]);
      if (!seen.has(edge[there])) pending.push(edge[there]);
      seen.add(edge[there]);
    }
  }
}
