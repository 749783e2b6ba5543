/**
 * `describe`: from a graph to a drawing, coordinates and paths as plain data. Pure: the same graph
 * and options give the same drawing, on a page, in a test, in Node.
 */

/** @import {DrawnEdge, DrawnNode, Drawing, Graph, Item, Link, Options, Point} from "./types.js" */
/** @import {Way} from "./route.js" */

import { onGrid } from "./grid.js";
import { placeLabels } from "./labels.js";
import { STEPS } from "./lattice.js";
import { corners, lengthOf, rounded } from "./lines.js";
import { route } from "./route.js";
import { gapsOf } from "./gaps.js";

const MARGIN = 4;

/**
 * @param {Graph} graph
 * @param {Options} [options]
 * @returns {Drawing}
 */
export function describe(graph, options = {}) {
  const upright = options.orientation === "upright";
  const text = options.text ?? 14;
  const scale = text / 14;
  const grid = onGrid(graph, options);
  for (const item of grid.items) {
    item.w *= scale;
    item.h *= scale;
  }
  const { lattice, ways } = route(grid.items, grid.links, grid, upright);
  const room = options.width && !upright ? options.width - 2 * MARGIN : 0;
  const { us, vs } = gapsOf(lattice, grid.items, { upright, scale, room });
  const flip = (/** @type {number} */ u, /** @type {number} */ v) =>
    /** @type {Point} */ (upright ? [v, u] : [u, v]);
  const nodes = grid.items.map((item) => drawnNode(item, flip(us.middles[item.column], vs.middles[item.row])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const at = (/** @type {number} */ p) => flip(us.lines[lattice.iu(p)], vs.lines[lattice.iv(p)]);
  const depths = depthsOf(grid.links);
  const edges = [...ways].map(([link, way]) => drawnEdge(link, way, byId, at, { upright, depths }));
  placeLabels(nodes, edges, { scale, upright, symbol: (node) => node.node?.name ?? "" });
  return framed(nodes, edges, { orientation: upright ? "upright" : "across", text });
}

/**
 * @param {Item} item
 * @param {Point} middle
 * @returns {DrawnNode}
 */
function drawnNode(item, [x, y]) {
  const { id, node, shape, end, entries, w, h } = item;
  return {
    id,
    ref: node?.id ?? null,
    node,
    shape,
    end,
    entries,
    role: node?.role ?? "plain",
    label: node?.label ?? "",
    x: x - w / 2,
    y: y - h / 2,
    w,
    h,
    texts: {},
  };
}

/**
 * @param {Link} link
 * @param {Way} way
 * @param {Map<string, DrawnNode>} nodes
 * @param {(point: number) => Point} at
 * @param {{upright: boolean, depths: Map<string, number>}} about
 * @returns {DrawnEdge}
 */
function drawnEdge(link, way, nodes, at, { upright, depths }) {
  const points = way.points.map(at);
  const from = /** @type {DrawnNode} */ (nodes.get(link.from));
  const to = /** @type {DrawnNode} */ (nodes.get(link.to));
  if (!way.via) points[0] = rim(from, points[0], way.out, upright);
  points[points.length - 1] = rim(to, points[points.length - 1], (way.into + 2) % 4, upright);
  const bends = corners(points);
  return {
    id: link.id,
    from: link.from,
    to: link.to,
    carries: link.edges.map((edge) => `${edge.from}>${edge.to}`),
    kind: link.kind,
    role: link.role,
    value: link.value,
    gate: link.gate,
    inverted: link.inverted,
    points: bends,
    path: rounded(bends),
    length: lengthOf(bends),
    depth: depths.get(link.from) ?? 0,
    via: way.via?.id ?? null,
    dot: way.via ? bends[0] : null,
    arrow: to.shape !== "junction",
  };
}

/**
 * Where a line at `point` meets the outline of a node, going out in `direction`.
 * @param {DrawnNode} node
 * @param {Point} point
 * @param {number} direction
 * @param {boolean} upright
 * @returns {Point}
 */
function rim(node, point, direction, upright) {
  const [du, dv] = STEPS[direction];
  const [dx, dy] = upright ? [dv, du] : [du, dv];
  const [cx, cy] = [node.x + node.w / 2, node.y + node.h / 2];
  const off = dx ? point[1] - cy : point[0] - cx;
  const round = node.shape === "circle" || (node.shape === "valve" && node.entries === 1);
  const half = dx ? node.w / 2 : node.h / 2;
  const reach = round ? Math.sqrt(Math.max(0, half * half - off * off)) : half;
  if (node.shape === "junction") return [cx, cy];
  return dx ? [cx + dx * reach, point[1]] : [point[0], cy + dy * reach];
}

/**
 * How many links lie before each item on the longest way to it.
 * @param {Link[]} links
 * @returns {Map<string, number>}
 */
function depthsOf(links) {
  /** @type {Map<string, number>} */
  const depths = new Map();
  const depth = (/** @type {string} */ id) => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0); // a circle would be a graph of no cell; it must not hang the page
    const before = links.filter((link) => link.to === id).map((link) => depth(link.from) + 1);
    depths.set(id, Math.max(0, ...before));
    return /** @type {number} */ (depths.get(id));
  };
  for (const link of links) depth(link.to);
  return depths;
}

/**
 * Moves everything so that nothing sticks out, and draws the cell's frame around what is inside.
 * @param {DrawnNode[]} nodes
 * @param {DrawnEdge[]} edges
 * @param {{orientation: "across"|"upright", text: number}} about
 * @returns {Drawing}
 */
function framed(nodes, edges, about) {
  const inner = nodes.filter((node) => node.shape !== "port");
  const points = edges.flatMap((edge) => edge.points);
  const all = [...nodes.map((n) => [n.x, n.y, n.x + n.w, n.y + n.h]), ...points.map(([x, y]) => [x, y, x, y])];
  const turns = edges.flatMap((edge) => edge.points.slice(1, -1).map(([x, y]) => [x, y, x, y]));
  const within = [...inner.map((n) => [n.x, n.y, n.x + n.w, n.y + n.h]), ...turns];
  const whole = bounds(all);
  const cell = bounds(within.length ? within : all);
  const pad = about.orientation === "upright" ? 10 : 24;
  const dx = MARGIN - whole.x;
  const dy = MARGIN - Math.min(whole.y, cell.y - pad);
  for (const node of nodes) {
    node.x += dx;
    node.y += dy;
    for (const spot of Object.values(node.texts)) {
      spot.x += dx;
      spot.y += dy;
    }
  }
  for (const edge of edges) {
    edge.points = edge.points.map(([x, y]) => [x + dx, y + dy]);
    edge.path = rounded(edge.points);
    edge.dot = edge.dot ? edge.points[0] : null;
  }
  const bottom = Math.max(whole.y + whole.h, cell.y + cell.h + pad);
  return {
    ...about,
    width: whole.w + 2 * MARGIN,
    height: bottom + dy + MARGIN,
    frame: { x: cell.x + dx - pad, y: cell.y + dy - pad, w: cell.w + 2 * pad, h: cell.h + 2 * pad },
    nodes,
    edges,
  };
}

/** @param {number[][]} boxes */
function bounds(boxes) {
  const x = Math.min(...boxes.map((b) => b[0]));
  const y = Math.min(...boxes.map((b) => b[1]));
  const right = Math.max(...boxes.map((b) => b[2]));
  const bottom = Math.max(...boxes.map((b) => b[3]));
  return { x, y, w: right - x, h: bottom - y };
}
