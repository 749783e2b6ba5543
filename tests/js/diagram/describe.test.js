/** Drawings of every cell of the catalogue and of cells as students type them, as plain data. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe as group, test } from "node:test";

import { describe, fit } from "../../../static/js/diagram/index.js";
import { neighbour } from "../../../static/js/diagram/keys.js";
import { related } from "../../../static/js/diagram/related.js";

/** @import {DrawnEdge, DrawnNode, Drawing, Graph, Point} from "../../../static/js/diagram/types.js" */

/** @type {Record<string, Graph>} */
const graphs = JSON.parse(readFileSync(new URL("graphs.json", import.meta.url), "utf8"));
const lstm = graphs.lstm;
const WAYS = /** @type {const} */ (["across", "upright"]);

/**
 * @param {DrawnNode} a
 * @param {DrawnNode} b
 */
function overlap(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** @param {DrawnEdge} edge @returns {[Point, Point][]} */
function segments(edge) {
  return edge.points.slice(1).map((point, i) => [edge.points[i], point]);
}

/**
 * @param {Drawing} drawing
 * @param {string} id
 */
function nodeOf(drawing, id) {
  const found = drawing.nodes.find((node) => node.id === id);
  assert.ok(found, `no node ${id}`);
  return found;
}

/** @param {DrawnNode} node */
function middle(node) {
  return { x: node.x + node.w / 2, y: node.y + node.h / 2 };
}

/**
 * Whether a line's piece runs through the inside of a node.
 * @param {[Point, Point]} piece
 * @param {DrawnNode} node
 */
function through([a, b], node) {
  const slack = 2;
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return left < node.x + node.w - slack && right > node.x + slack
    && top < node.y + node.h - slack && bottom > node.y + slack;
}

for (const [id, graph] of Object.entries(graphs)) {
  for (const orientation of WAYS) {
    for (const units of [1, 3, 16]) {
      group(`${id}, ${orientation}, ${units} units`, () => {
        const drawing = describe(graph, { orientation, units, sizes: { input: 3 } });

        test("every node is drawn once, and every state and output leaves", () => {
          const drawn = drawing.nodes.filter((node) => node.node && node.end !== "out").map((n) => n.id);
          assert.deepEqual(drawn.sort(), graph.nodes.map((node) => node.id).sort());
          const leaving = graph.nodes.filter((node) => node.outlet !== null).map((node) => node.id);
          const outlets = drawing.nodes.filter((node) => node.end === "out").map((node) => node.ref);
          assert.deepEqual(outlets.sort(), leaving.sort());
        });

        test("every edge of the graph is carried by a line", () => {
          const carried = drawing.edges.flatMap((edge) => edge.carries);
          for (const edge of graph.edges) assert.ok(carried.includes(`${edge.from}>${edge.to}`));
        });

        test("boxes do not overlap", () => {
          drawing.nodes.forEach((a, i) => {
            for (const b of drawing.nodes.slice(i + 1)) assert.ok(!overlap(a, b), `${a.id} and ${b.id}`);
          });
        });

        test("lines are level or upright and run through no box", () => {
          for (const edge of drawing.edges) {
            segments(edge).forEach(([a, b], i, all) => {
              assert.ok(Math.abs(a[0] - b[0]) < 0.1 || Math.abs(a[1] - b[1]) < 0.1, edge.id);
              for (const node of drawing.nodes) {
                // A circle is smaller than its box: its own line may reach into the corner.
                const own = (i === 0 && node.id === edge.from) || (i === all.length - 1 && node.id === edge.to);
                if (node.shape === "junction" || own) continue;
                assert.ok(!through([a, b], node), `${edge.id} through ${node.id}`);
              }
            });
          }
        });

        test("a line ends at the outlines of its nodes, or leaves another line of its source", () => {
          for (const edge of drawing.edges) {
            const reach = (/** @type {Point} */ [x, y], /** @type {string} */ at) => {
              const { x: left, y: top, w, h } = nodeOf(drawing, at);
              return x > left - 1 && x < left + w + 1 && y > top - 1 && y < top + h + 1;
            };
            assert.ok(reach(edge.points[edge.points.length - 1], edge.to), edge.id);
            if (edge.via) assert.equal(drawing.edges.find((e) => e.id === edge.via)?.from, edge.from);
            else assert.ok(reach(edge.points[0], edge.from), edge.id);
          }
        });

        test("each belt is one straight line", () => {
          const belts = drawing.edges.filter((edge) => edge.kind === "belt");
          const along = orientation === "across" ? 1 : 0;
          for (const state of new Set(belts.filter((e) => e.to.endsWith("[t]")).map((e) => e.from))) {
            const level = middle(nodeOf(drawing, `${state}[t-1]`))[orientation === "across" ? "y" : "x"];
            const own = belts.filter((edge) => edge.from === `${state}[t-1]` || edge.to === `${state}[t]`);
            assert.ok(own.length >= 2);
            for (const edge of own) {
              for (const point of edge.points) assert.ok(Math.abs(point[along] - level) < 0.1, edge.id);
            }
          }
        });

        test("nothing sticks out of the picture", () => {
          for (const { id: at, x, y, w, h } of drawing.nodes) {
            assert.ok(x >= 0 && y >= 0 && x + w <= drawing.width && y + h <= drawing.height, at);
          }
          for (const edge of drawing.edges) {
            for (const [x, y] of edge.points) {
              assert.ok(x >= 0 && y >= 0 && x <= drawing.width && y <= drawing.height, edge.id);
            }
          }
        });
      });
    }
  }
}

test("different sources never share a piece of a line", () => {
  for (const graph of Object.values(graphs)) {
    const { edges } = describe(graph);
    edges.forEach((one, i) => {
      for (const other of edges.slice(i + 1).filter((edge) => edge.from !== one.from)) {
        for (const [a, b] of segments(one)) {
          for (const [c, d] of segments(other)) {
            const level = a[1] === b[1] && c[1] === d[1] && Math.abs(a[1] - c[1]) < 1;
            const upright = a[0] === b[0] && c[0] === d[0] && Math.abs(a[0] - c[0]) < 1;
            const k = level ? 0 : 1;
            const shared = Math.min(Math.max(a[k], b[k]), Math.max(c[k], d[k]))
              - Math.max(Math.min(a[k], b[k]), Math.min(c[k], d[k]));
            assert.ok(!(level || upright) || shared < 1, `${one.id} and ${other.id}`);
          }
        }
      }
    });
  }
});

test("the LSTM: gates in a row below the belt, products above their gates, h below the memory", () => {
  const drawing = describe(lstm);
  const at = (/** @type {string} */ id) => middle(nodeOf(drawing, id));
  for (const gate of ["i", "g", "o"]) assert.ok(Math.abs(at(gate).y - at("f").y) < 1);
  for (const [above, gate] of [["c.0", "f"], ["c.1", "i"], ["c", "i"], ["h", "o"], ["m", "o"]]) {
    assert.ok(Math.abs(at(above).x - at(gate).x) < 1, above);
    assert.ok(at(above).y < at(gate).y, above);
  }
  assert.ok(at("c").y < at("m").y && at("m").y < at("h").y);
  assert.ok(Math.abs(at("h[t]").y - at("h[t-1]").y) < 1, "h leaves where it comes in");
});

test("a gate's line enters its product from below", () => {
  const drawing = describe(lstm);
  for (const edge of drawing.edges.filter(({ kind }) => kind === "gate")) {
    const [before, last] = edge.points.slice(-2);
    assert.ok(before[0] === last[0] && before[1] > last[1], edge.id);
  }
});

test("x and h[t-1] meet and feed all gates as one bus", () => {
  const drawing = describe(lstm);
  const into = drawing.edges.filter((edge) => edge.to === "bus").map((edge) => edge.from);
  const outOf = drawing.edges.filter((edge) => edge.from === "bus").map((edge) => edge.to);
  assert.deepEqual(into.sort(), ["h[t-1]", "x"]);
  assert.deepEqual(outOf.sort(), ["f", "g", "i", "o"]);
});

test("upright is for a phone: one unit fits 288 pixels", () => {
  for (const id of ["elman", "jordan", "feed_forward", "lstm", "gru", "gru_simple", "lstm_coupled"]) {
    const drawing = fit(graphs[id], { width: 288, units: 1, sizes: { input: 3 } });
    assert.ok(drawing.width <= 288, `${id} is ${drawing.width} wide`);
  }
});

test("across fills the width it is given and never more", () => {
  for (const width of [700, 900, 1200]) {
    const drawing = fit(lstm, { width, units: 1, sizes: { input: 3 } });
    assert.equal(drawing.orientation, "across");
    assert.ok(drawing.width * drawing.zoom <= width + 1);
    assert.ok(drawing.width * drawing.zoom > width * 0.9);
  }
});

test("larger text makes a larger drawing", () => {
  const ratio = describe(lstm, { text: 18 }).width / describe(lstm).width;
  assert.ok(ratio > 1.15, String(ratio));
});

test("a function is written as the layer's option says", () => {
  const drawing = describe(lstm, { functions: { input_activation: "id" } });
  assert.equal(nodeOf(drawing, "g").label, "id");
  assert.equal(nodeOf(drawing, "m").label, "tanh");
});

test("a product has the hue of its gate", () => {
  const drawing = describe(lstm);
  assert.deepEqual(["c.0", "c.1", "h"].map((id) => nodeOf(drawing, id).tone), ["forget", "input", "output"]);
});

test("the same graph and options give the same drawing, and the graph stays as it was", () => {
  const before = JSON.stringify(lstm);
  assert.deepEqual(describe(lstm, { width: 700 }), describe(lstm, { width: 700 }));
  assert.equal(JSON.stringify(lstm), before);
});

test("nodes that a graph puts in one place move apart", () => {
  const graph = structuredClone(lstm);
  for (const node of graph.nodes) if ("figo".includes(node.id)) node.rank = 2;
  const { nodes } = describe(graph);
  nodes.forEach((a, i) => nodes.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b))));
});

test("arrow keys walk in the direction they point", () => {
  const drawing = describe(lstm);
  assert.equal(neighbour(drawing, "f", "ArrowRight"), "i");
  assert.equal(neighbour(drawing, "i", "ArrowLeft"), "f");
  assert.equal(neighbour(drawing, "f", "ArrowUp"), "c.0");
  assert.equal(neighbour(drawing, "c.0", "ArrowRight"), "c");
  assert.equal(neighbour(drawing, "c[t]", "ArrowRight"), null);
});

test("arrow keys reach every node from the first", () => {
  for (const graph of Object.values(graphs)) {
    const drawing = describe(graph);
    const reached = new Set([drawing.nodes[0].id]);
    for (const id of reached) {
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
        const next = neighbour(drawing, id, key);
        if (next) reached.add(next);
      }
    }
    const stops = drawing.nodes.filter((node) => node.shape !== "junction").map((node) => node.id);
    assert.deepEqual([...reached].sort(), stops.sort());
  }
});

test("a node lights up what it comes from and what it leads to, nothing else", () => {
  const lit = related(describe(lstm), "f");
  for (const id of ["x", "h[t-1]", "bus", "f", "c.0", "c", "c[t]", "m", "h", "h[t]"]) assert.ok(lit.has(id), id);
  for (const id of ["i", "g", "o", "c.1", "c[t-1]"]) assert.ok(!lit.has(id), id);
});
