import assert from "node:assert/strict";
import { test } from "node:test";
import { onSameInput, otherCells, parameterCount, withCell } from "../../../static/js/compare/scenes.js";

const scene = {
  version: 1,
  inputs: [[1, 2]],
  initial: [{ h: [1], c: [2] }],
  network: { shape: "many-to-many", readout: { outputs: 1 }, layers: [{ cell: "lstm", units: 3, direction: "forward", options: { input_activation: "identity" }, weights: { b_f: [1, 1, 1] } }] },
};

test("Another cell keeps sizes, readout and input, and draws its weights anew.", () => {
  const other = withCell(scene, "gru");
  assert.deepEqual(other.network.layers, [{ cell: "gru", units: 3, direction: "forward" }]);
  assert.deepEqual(other.network.readout, { outputs: 1 });
  assert.deepEqual(other.inputs, scene.inputs);
  assert.equal("initial" in other, false);
});

test("Both halves of an encoder–decoder get the other cell.", () => {
  const { layers, ...network } = scene.network;
  const two = withCell({ ...scene, network: { ...network, encoder: { layers }, decoder: { layers } } }, "elman");
  assert.deepEqual([two.network.encoder.layers[0].cell, two.network.decoder.layers[0].cell], ["elman", "elman"]);
});

test("The scene's own cell is not offered, unless another layer has another.", () => {
  assert.deepEqual(otherCells(scene), ["elman", "gru"]);
  const mixed = { network: { layers: [{ cell: "lstm" }, { cell: "gru" }] } };
  assert.deepEqual(otherCells(mixed), ["elman", "gru", "lstm"]);
});

test("A compared network reads what the page's own reads now, if it can.", () => {
  const other = { inputs: [[0, 0]], targets: [[9]], network: {} };
  assert.deepEqual(onSameInput(other, { inputs: [[5, 6]], loss: null }), { inputs: [[5, 6]], loss: null, network: {} });
  assert.equal(onSameInput(other, { inputs: [[5]] }), other);
});

test("Every number of every weight is counted once.", () => {
  const direction = { parameters: { W: [[1, 2], [3, 4]], b: [5, 6] } };
  assert.equal(parameterCount({ layers: [{ directions: [direction, direction] }], readout: { parameters: { b: [1] } } }), 13);
});
