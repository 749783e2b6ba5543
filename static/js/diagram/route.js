/**
 * Finds a way for every line: shortest first, few bends, few crossings, never through a node,
 * never along another line. Lines from one source share their way and part at a dot.
 */

/** @import {Item, Link} from "./types.js" */

import { Heap } from "./heap.js";
import { AFTER, BEFORE, DOWN, Lattice, UP } from "./lattice.js";

/** @import {Port} from "./lattice.js" */
/**
 * @typedef {object} Way
 * @property {number[]} points on the lattice, from where it leaves its source or its net
 * @property {Link | null} via the link whose way it leaves
 * @property {number} out direction in which it leaves
 * @property {number} into direction in which it arrives
 */

const BEND = 34;
const CROSS = 22;
const JOIN = 8;
const NO = 1000;

/** Costs of ports by direction (up, after, down, before). */
const LEAVE = { box: [0, 10, NO, 24], circle: [2, 0, 8, 30], pill: [6, 4, 6, 30] };
const ENTER = { box: [60, 20, 0, 6], circle: [4, 12, 3, 4], pill: [4, 14, 4, 4] };

/**
 * @param {Item[]} items
 * @param {Link[]} links
 * @param {{columns: number, rows: number}} grid
 * @param {boolean} upright
 * @returns {{lattice: Lattice, ways: Map<Link, Way>}}
 */
export function route(items, links, grid, upright) {
  const byId = new Map(items.map((item) => [item.id, item]));
  const ordered = [...links].sort((a, b) => rank(a, byId) - rank(b, byId));
  for (const tracks of [4, 8, 14]) {
    const lattice = new Lattice(items, grid, tracks, upright);
    const ways = routeAll(lattice, ordered, byId);
    if (ways.size === links.length || tracks === 14) return { lattice, ways };
  }
  throw new Error("unreachable");
}

/**
 * The belt comes first, then what stands straight, then the rest from short to long.
 * @param {Link} link
 * @param {Map<string, Item>} items
 */
function rank(link, items) {
  const [a, b] = [link.from, link.to].map((id) => /** @type {Item} */ (items.get(id)));
  const far = Math.abs(a.column - b.column) + Math.abs(a.row - b.row);
  const straight = a.column === b.column || a.row === b.row;
  if (link.kind === "belt") return -1000 + a.column;
  if (straight && far === 1) return -500;
  // The farthest of a bus first: it lays the straight line that the others join.
  if (link.kind === "bus") return (b.shape === "junction" ? 0 : 200) - far;
  return (straight ? -200 : 300) + far + (b.end === "out" ? 400 : 0);
}

/**
 * @param {Lattice} lattice
 * @param {Link[]} links
 * @param {Map<string, Item>} items
 */
function routeAll(lattice, links, items) {
  /** @type {Map<Link, Way>} */
  const ways = new Map();
  const nets = [...new Set(links.map((link) => link.from))];
  for (const link of links) {
    const net = nets.indexOf(link.from);
    const own = [...ways].filter(([other]) => other.from === link.from);
    const way = findWay(lattice, link, items, net, own);
    if (!way) continue;
    lattice.occupy(way.points, net);
    ways.set(link, way);
  }
  return ways;
}

/**
 * @param {Lattice} lattice
 * @param {Link} link
 * @param {Map<string, Item>} items
 * @param {number} net
 * @param {[Link, Way][]} own ways of the same source so far
 * @returns {Way | null}
 */
function findWay(lattice, link, items, net, own) {
  const from = /** @type {Item} */ (items.get(link.from));
  const to = /** @type {Item} */ (items.get(link.to));
  const goals = free(lattice, lattice.portsOf(to, enterCosts(to, link)), `to:${link.id}`);
  const starts = free(lattice, lattice.portsOf(from, leaveCosts(from, link)), `from:${link.from}`);
  const joins = own.flatMap(([other, way]) => way.points.slice(1, -1).map((point) => ({ point, other })));
  const found = search(lattice, net, starts, joins.map((join) => join.point), goals);
  if (!found) return null;
  lattice.ports.set(found.goal.key, `to:${link.id}`);
  const start = starts.find((port) => port.point === found.points[0] && port.direction === found.out);
  if (start) lattice.ports.set(start.key, `from:${link.from}`);
  const via = start ? null : joins.find((join) => join.point === found.points[0])?.other ?? null;
  return { points: found.points, via, out: found.out, into: (found.goal.direction + 2) % 4 };
}

/**
 * @param {Lattice} lattice
 * @param {Port[]} ports
 * @param {string} user
 */
function free(lattice, ports, user) {
  return ports.filter((port) => (lattice.ports.get(port.key) ?? user) === user);
}

/**
 * @param {Item} item
 * @param {Link} link
 */
function leaveCosts(item, link) {
  if (link.kind === "belt") return [NO, 0, NO, NO];
  if (item.shape === "junction") return [6, 0, 6, NO];
  if (item.shape === "port") return item.node?.kind === "input" ? inputCosts() : [NO, 0, NO, NO];
  return LEAVE[family(item)];
}

/**
 * @param {Item} item
 * @param {Link} link
 */
function enterCosts(item, link) {
  if (link.kind === "belt" || item.shape === "port") return [NO, NO, NO, 0];
  if (item.shape === "junction") return [20, NO, 0, 0];
  if (link.kind === "gate") return [14, 10, 0, 4];
  return ENTER[family(item)];
}

function inputCosts() {
  return [0, NO, NO, NO];
}

/**
 * @param {Item} item
 * @returns {"box"|"circle"|"pill"}
 */
function family(item) {
  if (item.shape === "circle" || item.shape === "pill") return item.shape;
  return "box";
}

/**
 * A* over (point, direction).
 * @param {Lattice} lattice
 * @param {number} net
 * @param {Port[]} starts
 * @param {number[]} joins points of the net's own lines
 * @param {Port[]} goals
 */
function search(lattice, net, starts, joins, goals) {
  const cost = new Map();
  const before = new Map();
  const heap = new Heap();
  const ends = new Map(goals.map((goal) => [goal.point * 4 + ((goal.direction + 2) % 4), goal]));
  const near = (/** @type {number} */ p) => Math.min(...goals.map((g) => lattice.distance(p, g.point)));
  const open = (/** @type {number} */ state, /** @type {number} */ g, /** @type {number} */ parent) => {
    if (g >= (cost.get(state) ?? Infinity)) return;
    cost.set(state, g);
    before.set(state, parent);
    heap.push(state, g + near(state >> 2));
  };
  for (const port of starts) open(port.point * 4 + port.direction, port.cost, -1);
  for (const point of joins) {
    for (const d of [UP, AFTER, DOWN, BEFORE]) {
      if (fits(lattice, point, d, net) && turns(lattice, point, net)) open(point * 4 + d, JOIN, -1);
    }
  }
  const closed = new Set();
  while (heap.size) {
    const state = heap.pop();
    if (closed.has(state)) continue;
    closed.add(state);
    const done = ends.get(state);
    if (done && before.get(state) !== -1) return traced(before, state, done);
    const g = cost.get(state);
    for (const [next, step] of moves(lattice, state, net, ends, before.get(state) === -1)) {
      const goal = ends.get(next);
      open(next, g + step + (goal ? goal.cost : 0), state);
    }
  }
  return null;
}

/**
 * @param {Lattice} lattice
 * @param {number} state
 * @param {number} net
 * @param {Map<number, Port>} ends
 * @param {boolean} first
 * @returns {Iterable<[number, number]>}
 */
function* moves(lattice, state, net, ends, first) {
  const point = state >> 2;
  const direction = state & 3;
  const next = lattice.next(point, direction);
  if (next >= 0 && lattice.runs(point, direction)) {
    const goal = ends.has(next * 4 + direction);
    if (goal || (!lattice.blocked[next] && fits(lattice, next, direction, net))) {
      yield [next * 4 + direction, lattice.distance(point, next) + crossing(lattice, next, direction, net)];
    }
  }
  if (first || lattice.blocked[point] || !turns(lattice, point, net)) return;
  for (const turn of [(direction + 1) % 4, (direction + 3) % 4]) yield [point * 4 + turn, BEND];
}

/**
 * Whether the net may run through a point in a direction.
 * @param {Lattice} lattice
 * @param {number} point
 * @param {number} direction
 * @param {number} net
 */
function fits(lattice, point, direction, net) {
  const holder = (direction % 2 ? lattice.along : lattice.across)[point];
  return holder === -1 || holder === net;
}

/**
 * @param {Lattice} lattice
 * @param {number} point
 * @param {number} net
 */
function turns(lattice, point, net) {
  return fits(lattice, point, UP, net) && fits(lattice, point, AFTER, net);
}

/**
 * @param {Lattice} lattice
 * @param {number} point
 * @param {number} direction
 * @param {number} net
 */
function crossing(lattice, point, direction, net) {
  const other = (direction % 2 ? lattice.across : lattice.along)[point];
  return other !== -1 && other !== net ? CROSS : 0;
}

/**
 * @param {Map<number, number>} before
 * @param {number} state
 * @param {Port} goal
 */
function traced(before, state, goal) {
  const points = [];
  let first = state;
  for (let at = state; at !== -1; at = before.get(at) ?? -1) {
    if (points[0] !== at >> 2) points.unshift(at >> 2);
    first = at;
  }
  return { points, goal, out: first & 3 };
}
