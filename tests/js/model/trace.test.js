import assert from "node:assert/strict";
import { test } from "node:test";
import { indices, labelPieces } from "../../../static/js/model/label.js";
import { rows, windowOf } from "../../../static/js/model/rows.js";
import { frame, largest, places, tense, valueAt } from "../../../static/js/model/trace.js";
import { cell, scene, trace } from "../helpers.js";

const at = (/** @type {number | null} */ t, pass = "forward") =>
  frame({ trace: /** @type {any} */ (trace), scene, cells: [/** @type {any} */ (cell)], place: "layers.0.forward", cursor: /** @type {any} */ ({ pass, t, node: null }) });

test("Before the first step there are no numbers.", () => {
  assert.deepEqual(at(null), { values: null, gradients: null, previous: null });
});

test("A step has its values, its input and the states it came from.", () => {
  const { values, previous } = at(1);
  assert.deepEqual(values, { f: [0], c: [-4], h: [-4], x: [4] });
  assert.deepEqual(previous, { h: [3], c: [3] });
});

test("The first step came from the initial state, zero where none is given.", () => {
  assert.deepEqual(at(0).previous, { h: [0], c: [0] });
});

test("Gradients come with those of the input.", () => {
  assert.deepEqual(at(1, "backward").gradients, { f: [3], c: [1], h: [1], x: [6] });
});

test("What lies behind depends on the way one walks.", () => {
  assert.deepEqual([0, 1, 2].map((step) => tense(step, 1, "forward")), ["past", "present", "future"]);
  assert.deepEqual([0, 1, 2].map((step) => tense(step, 1, "backward")), ["future", "present", "past"]);
  assert.equal(tense(0, null, "forward"), "future");
});

test("Rows stand outputs above, states between, inputs below.", () => {
  const found = rows(/** @type {any} */ (trace), scene, [/** @type {any} */ (cell)], "forward");
  assert.deepEqual(found.map(({ name, role }) => [name, role]), [["h", "hidden"], ["c", "memory"], ["x", "plain"]]);
});

test("An address finds its value at a step.", () => {
  assert.equal(valueAt(/** @type {any} */ (trace), "layers.0.forward.c[0]", 1, "forward"), -4);
  assert.equal(valueAt(/** @type {any} */ (trace), "layers.3.forward.c[0]", 1, "forward"), null);
});

test("The largest size leaves out what is not finite.", () => {
  assert.equal(largest([[1, "Infinity"], [-3]]), 3);
  assert.equal(largest([["NaN"]]), 1);
});

test("A window over many steps holds the present one and never leaves the sequence.", () => {
  assert.deepEqual(windowOf(5, 2, 8), { from: 0, to: 5 });
  assert.deepEqual(windowOf(1000, 999, 10), { from: 990, to: 1000 });
  assert.deepEqual(windowOf(1000, null, 10), { from: 0, to: 10 });
  const windows = Array.from({ length: 1000 }, (_, t) => windowOf(1000, t, 10));
  windows.forEach(({ from, to }, t) => {
    assert.ok(from <= t && t < to && to - from === 10, `${t} in ${from}–${to}`);
    // There is always something to see ahead, until the end, and it seldom moves.
    assert.ok(to - t > 2 || to === 1000);
  });
  assert.ok(new Set(windows.map(({ from }) => from)).size <= 201);
});

test("The names of an arithmetic come apart.", () => {
  assert.deepEqual(labelPieces("dL/dz_f[t+1][0]"), [{ gradient: true, readout: false, name: "z_f", shift: 1, entry: [0] }]);
  assert.deepEqual(labelPieces("readout.V[0,1]"), [{ gradient: false, readout: true, name: "V", shift: 0, entry: [0, 1] }]);
  assert.deepEqual(labelPieces("1 − f[0]"), ["1 −", { gradient: false, readout: false, name: "f", shift: 0, entry: [0] }]);
  const output = [{ gradient: false, readout: false, name: "h", shift: 0, entry: [1] }];
  assert.deepEqual(labelPieces("encoder.layers.0.backward.h[1]"), output);
  assert.deepEqual(labelPieces("layers.3.forward.h[1]"), output);
  assert.deepEqual(labelPieces("dL/ddecoder.attention.alpha[2]"), [{ gradient: true, readout: false, name: "alpha", shift: 0, entry: [2] }]);
});

test("Indices count from 1, and are left out where there is but one.", () => {
  assert.deepEqual(indices([0, 2], [[1, 2, 3]]), [3]);
  assert.deepEqual(indices([1], [4, 5]), [2]);
  assert.deepEqual(indices([0], undefined), [1]);
});

test("An encoder–decoder has places in two stacks; the decoder begins with what the encoder ended in.", () => {
  const way = (/** @type {string} */ direction, /** @type {number[][]} */ h) => ({ direction, values: { h }, parameters: {} });
  const both = /** @type {any} */ ({
    ...trace, layers: undefined, steps: 1,
    encoder: { steps: 2, layers: [{ directions: [way("forward", [[1], [2]]), way("backward", [[3], [4]])] }] },
    decoder: { steps: 1, layers: [{ directions: [way("forward", [[5, 6]])] }], inputs: [[7]] },
    attention: { scores: [[0, 1]], alpha: [[0.2, 0.8]], context: [[9]] },
  });
  assert.deepEqual(places(both).map(({ place, layer }) => [place, layer]), [
    ["encoder.layers.0.forward", 0], ["encoder.layers.0.backward", 0], ["decoder.layers.0.forward", 1],
  ]);
  const elman = /** @type {any} */ ({ state: ["h"], output: "h", equations: [] });
  const from = { trace: both, scene: { inputs: [[8], [9]], network: {} }, cells: [elman, elman] };
  const cursor = /** @type {any} */ ({ pass: "forward", t: 0, node: null, stage: null });
  const decoded = frame({ ...from, place: "decoder.layers.0.forward", cursor });
  assert.deepEqual(decoded.previous, { h: [2, 3] });
  assert.deepEqual(decoded.values?.x, [7]);
  const encoded = frame({ ...from, place: "encoder.layers.0.backward", cursor, source: 0 });
  assert.deepEqual([encoded.values?.h, encoded.previous?.h, encoded.values?.x], [[3], [4], [8]]);
  assert.deepEqual(rows(both, from.scene, from.cells, "forward").map(({ name }) => name), ["context", "h", "x"]);
  assert.deepEqual(rows(both, from.scene, from.cells, "forward", "encoder").map(({ name }) => name), ["h", "h", "x"]);
});
