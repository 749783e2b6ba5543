/**
 * `describe`: from a graph to a drawing, coordinates and paths as plain data. Pure: the same graph
 * and options give the same drawing, on a page, in a test, in Node.
 */

/** @import {DrawnEdge, DrawnNode, Drawing, Graph, Item, Link, Options, Point} from "./types.js" */
/** @import {Way} from "./route.js" */
/** @import {Lattice} from "./lattice.js" */
/** @import {Box} from "./labels.js" */

import { onGrid } from "./grid.js";
import { hull, placeLabels } from "./labels.js";
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
  const plan = { lattice, ways, items: grid.items, links: grid.links, upright, scale, text, press: options.press ?? 1 };
  const drawing = filling(plan, options.width ?? null);
  const room = Math.min((options.width ?? 0) / drawing.width, (options.height ?? Infinity) / drawing.height);
  const zoom = Math.min(upright ? 1.25 : 1.5, Math.max(1, room));
  return { ...drawing, zoom };
}

/**
 * The drawing with its gaps widened to a width, or drawn together where that is narrow.
 * @param {Parameters<typeof assemble>[0]} plan
 * @param {number | null} width
 */
function filling(plan, width) {
  const usual = assemble(plan, null);
  if (width === null || (plan.upright && usual.width <= width)) return usual;
  const tight = assemble(plan, 0);
  const spare = width - tight.width;
  return spare > 1 && !plan.upright ? assemble(plan, spare - 1) : tight;
}

/**
 * @param {{lattice: Lattice, ways: Map<Link, Way>, items: Item[], links: Link[], upright: boolean,
 *   scale: number, text: number, press: number}} plan
 * @param {number | null} spare room to spread into; null where no width was given
 * @returns {Omit<Drawing, "zoom">}
 */
function assemble({ lattice, ways, items, links, upright, scale, text, press }, spare) {
  const { us, vs } = gapsOf(lattice, items, { upright, scale, spare, press });
  const flip = (/** @type {number} */ u, /** @type {number} */ v) =>
    /** @type {Point} */ (upright ? [v, u] : [u, v]);
  const tones = new Map(links.filter((l) => l.kind === "gate").map((l) => [l.to, l.role]));
  const nodes = items.map((item) =>
    drawnNode(item, flip(us.middles[item.column], vs.middles[item.row]), tones));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const at = (/** @type {number} */ p) => flip(us.lines[lattice.iu(p)], vs.lines[lattice.iv(p)]);
  const depths = depthsOf(links);
  const edges = [...ways].map(([link, way]) => drawnEdge(link, way, byId, at, { upright, depths }));
  const words = placeLabels(nodes, edges, { scale, upright });
  return framed(nodes, edges, words, { orientation: upright ? "upright" : "across", text });
}

/**
 * @param {Item} item
 * @param {Point} middle
 * @param {Map<string, string>} tones
 * @returns {DrawnNode}
 */
function drawnNode(item, [x, y], tones) {
  const { id, node, shape, end, entries, w, h } = item;
  return {
    id,
    ref: node?.id ?? null,
    node,
    shape,
    end,
    entries,
    role: node?.role ?? "plain",
    tone: tones.get(id) ?? node?.role ?? "plain",
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
    weighted: to.node?.learned ?? false,
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
 * @param {Box[]} words
 * @param {{orientation: "across"|"upright", text: number}} about
 * @returns {Omit<Drawing, "zoom">}
 */
function framed(nodes, edges, words, about) {
  const upright = about.orientation === "upright";
  const inner = nodes.filter((node) => node.shape !== "port");
  const turns = boxes(edges.flatMap((edge) => edge.points.slice(1, -1)));
  const body = padded(hull([...inner, ...turns]), upright ? 10 : 24, upright ? 14 : 24);
  const cell = hull([body, ...words.map((word) => padded(word, 3, 3))]);
  const whole = padded(hull([cell, ...nodes, ...boxes(edges.flatMap((edge) => edge.points))]), MARGIN, MARGIN);
  shift(nodes, edges, -whole.x, -whole.y);
  return {
    ...about,
    width: whole.w,
    height: whole.h,
    frame: { ...cell, x: cell.x - whole.x, y: cell.y - whole.y },
    nodes,
    edges,
  };
}

/**
 * @param {Point[]} points
 * @returns {Box[]}
 */
function boxes(points) {
  return points.map(([x, y]) => ({ x, y, w: 0, h: 0 }));
}

/**
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 * @returns {Box}
 */
function padded({ x, y, w, h }, dx, dy) {
  return { x: x - dx, y: y - dy, w: w + 2 * dx, h: h + 2 * dy };
}

/**
 * @param {DrawnNode[]} nodes
 * @param {DrawnEdge[]} edges
 * @param {number} dx
 * @param {number} dy
 */
function shift(nodes, edges, dx, dy) {
  for (const node of nodes) {
    for (const spot of [node, ...Object.values(node.texts)]) {
      spot.x += dx;
      spot.y += dy;
    }
  }
  for (const edge of edges) {
    edge.points = edge.points.map(([x, y]) => [x + dx, y + dy]);
    edge.path = rounded(edge.points);
    edge.dot = edge.dot ? edge.points[0] : null;
  }
}
