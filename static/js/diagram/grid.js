/**
 * From the server's graph to items on a grid and links between them: adds where states leave the
 * cell, gathers lines that always run together into one bus, and counts columns and rows.
 */

/** @import {Graph, GraphEdge, GraphNode, Item, Link, Options} from "./types.js" */

import { shapeOf, sizeOf } from "./metrics.js";

/**
 * @param {Graph} graph
 * @param {Options} options
 * @returns {{items: Item[], links: Link[], columns: number, rows: number}}
 */
export function onGrid(graph, options) {
  const nodes = graph.nodes.map((node) => named(node, options.functions ?? {}));
  const items = nodes.map((node) => itemOf(node, options));
  const links = graph.edges.map(linkOf);
  const last = Math.max(0, ...nodes.map((node) => node.rank)) + 1;
  for (const node of nodes) {
    if (node.outlet === null || node.outlet === undefined) continue;
    items.push({ ...itemOf(node, options, "out"), column: last, row: node.outlet });
    links.push(outletOf(node, graph));
  }
  const gathered = gather(items, links);
  separate(gathered.items);
  return { ...gathered, ...compact(gathered.items) };
}

/**
 * @param {GraphNode} node
 * @param {Record<string, string>} functions
 * @returns {GraphNode}
 */
function named(node, functions) {
  const chosen = node.option ? functions[node.option] : undefined;
  return chosen ? { ...node, label: chosen } : node;
}

/**
 * @param {GraphNode} node
 * @param {Options} options
 * @param {"out" | null} leaving
 * @returns {Item}
 */
function itemOf(node, options, leaving = null) {
  const shape = leaving ? "port" : shapeOf(node);
  const end = leaving ?? (shape === "port" ? "in" : null);
  const size = node.kind === "input" ? (node.id === "x" ? "input" : "static") : node.size;
  const entries = options.sizes?.[size ?? "units"] ?? (node.kind === "input" ? 1 : options.units ?? 1);
  const upright = options.orientation === "upright";
  const input = node.kind === "input";
  const extent = sizeOf(shape, { entries, label: node.label, upright, end, input });
  const id = leaving ? `${node.id}[t]` : node.id;
  return { id, node, shape, end, column: node.rank, row: node.lane, entries, ...extent };
}

/**
 * @param {GraphEdge} edge
 * @returns {Link}
 */
function linkOf(edge) {
  return {
    id: `${edge.from}>${edge.to}`,
    from: edge.from,
    to: edge.to,
    edges: [edge],
    kind: edge.kind,
    role: edge.role,
    value: edge.value,
    gate: edge.gate ?? null,
    inverted: edge.inverted ?? false,
  };
}

/**
 * @param {GraphNode} node
 * @param {Graph} graph
 * @returns {Link}
 */
function outletOf(node, graph) {
  const carried = graph.edges.some((edge) => edge.to === node.id && edge.kind === "belt");
  const product = graph.edges.find((edge) => edge.to === node.id && edge.kind === "gate");
  return {
    id: `${node.id}>${node.id}[t]`,
    from: node.id,
    to: `${node.id}[t]`,
    edges: [],
    kind: carried ? "belt" : "flow",
    role: node.role,
    value: node.id,
    gate: product?.gate ?? null,
    inverted: product?.inverted ?? false,
  };
}

/**
 * Inputs and previous states that enter the same nodes meet in a junction and run on as one
 * line, the bus: the set that most nodes share, of two sources or more.
 * @param {Item[]} items
 * @param {Link[]} links
 */
function gather(items, links) {
  const byId = new Map(items.map((item) => [item.id, item]));
  const entering = sourcesByTarget(links, byId);
  const sources = sharedSources([...entering.values()]);
  const inputs = items.filter((item) => item.node?.kind === "input" && sources.includes(item.id));
  if (sources.length < 2 || inputs.length === 0) return { items, links };
  const targets = [...entering].filter(([, set]) => sources.every((s) => set.includes(s)));
  const users = new Set(targets.map(([id]) => id));
  const joined = links.filter((link) => sources.includes(link.from) && users.has(link.to));
  const rest = links.filter((link) => !joined.includes(link));
  const { column, row } = inputs[inputs.length - 1];
  const bus = { id: "bus", node: null, end: null, entries: 1, w: 8, h: 8, column, row: row - 1 };
  const wire = { kind: /** @type {const} */ ("bus"), role: "plain", gate: null, inverted: false };
  const into = sources.map((id) => ({
    ...wire, id: `${id}>bus`, from: id, to: "bus", value: id, role: byId.get(id)?.node?.role ?? "plain",
    edges: joined.filter((link) => link.from === id).flatMap((link) => link.edges),
  }));
  const outOf = [...users].map((id) => ({
    ...wire, id: `bus>${id}`, from: "bus", to: id, value: null,
    edges: joined.filter((link) => link.to === id).flatMap((link) => link.edges),
  }));
  return {
    items: [...items, /** @type {Item} */ ({ ...bus, shape: "junction" })],
    links: [...rest, ...into, ...outOf],
  };
}

/**
 * @param {Link[]} links
 * @param {Map<string, Item>} items
 */
function sourcesByTarget(links, items) {
  /** @type {Map<string, string[]>} */
  const entering = new Map();
  for (const link of links) {
    if (items.get(link.from)?.end !== "in" || !items.get(link.to)?.node?.learned) continue;
    entering.set(link.to, [...(entering.get(link.to) ?? []), link.from]);
  }
  return entering;
}

/**
 * @param {string[][]} sets
 * @returns {string[]}
 */
function sharedSources(sets) {
  const candidates = sets.flatMap((a) => sets.map((b) => a.filter((id) => b.includes(id))));
  let best = { sources: /** @type {string[]} */ ([]), users: 0 };
  for (const sources of candidates) {
    const users = sets.filter((set) => sources.every((id) => set.includes(id))).length;
    if (users < 2 || sources.length < 2) continue;
    const more = users - best.users || sources.length - best.sources.length;
    if (more > 0) best = { sources, users };
  }
  return best.sources;
}

/**
 * Two items on one place (a graph without placing) move apart into columns of their own.
 * @param {Item[]} items
 */
function separate(items) {
  items.sort((a, b) => a.column - b.column || a.row - b.row
    || (a.node?.order ?? 0) - (b.node?.order ?? 0));
  const taken = new Set();
  for (const item of items) {
    while (taken.has(`${item.column},${item.row}`)) item.column += 1 / 64;
    taken.add(`${item.column},${item.row}`);
  }
}

/**
 * Renumber columns and rows without gaps.
 * @param {Item[]} items
 */
function compact(items) {
  const columns = [...new Set(items.map((item) => item.column))].sort((a, b) => a - b);
  const rows = [...new Set(items.map((item) => item.row))].sort((a, b) => a - b);
  for (const item of items) {
    item.column = columns.indexOf(item.column);
    item.row = rows.indexOf(item.row);
  }
  return { columns: columns.length, rows: rows.length };
}
