import assert from "node:assert/strict";
import { test } from "node:test";
import { fit } from "../../../static/js/edit/fit.js";
import { addLayer, addRow, removeLayer, removeRow, setCell, setLoss, setOutputs, setShape } from "../../../static/js/edit/structure.js";
import { drawAnew, effective, groups, setWeight } from "../../../static/js/edit/weights.js";

const elman = {
  id: "elman", state: ["h"], output: "h", sizes: { z_h: "units", h: "units" }, options: { activation: ["tanh", "identity"] },
  parameters: [{ name: "W_h", shape: ["units", "input"] }, { name: "U_h", shape: ["units", "units"] }, { name: "b_h", shape: ["units"] }],
};
const jordan = {
  ...elman, id: "jordan", state: ["y"], output: "y", sizes: { h: "units", y: "outputs" },
  parameters: [...elman.parameters.slice(0, 1), { name: "U_h", shape: ["units", "outputs"] }, { name: "V_y", shape: ["outputs", "units"] }],
};
const gru = { ...elman, id: "gru", options: {}, parameters: [{ name: "W_r", shape: ["units", "input"] }] };
const shapesOf = (/** @type {any} */ cell) => /** @type {any} */ ({ elman, jordan, gru })[cell] ?? null;
const PATH = ["network", "layers", 0];

const layer = { cell: "elman", units: 2, direction: "forward", options: { activation: "identity" }, weights: { W_h: [[1, 2], [3, 4]], U_h: [[5, 6], [7, 8]] } };
const scene = () => ({ version: 1, network: { layers: [structuredClone(layer)], shape: "many-to-many" }, inputs: [[1, 1], [2, 2], [3, 3]] });
const seeded = () => ({ ...scene(), network: { layers: [{ ...layer, weights: {} }], shape: "many-to-many" } });
const parameters = { W_h: [[0.1, 0.2], [0.3, 0.4]], U_h: [[1, 0], [0, 1]], b_h: [0, 0] };
const trace = { layers: [{ directions: [{ direction: "forward", parameters }] }], readout: null };
const weightsOf = (/** @type {any} */ document) => document.network.layers[0].weights;
const fitted = (/** @type {any} */ document, steps = document.inputs.length) => fit(document, { shapesOf, steps });

test("A weight is set in a new document; the old one stays as it was.", () => {
  const before = scene();
  const after = setWeight(before, trace, { place: "layers.0.forward", name: "W_h", at: [1, 0] }, 9);
  assert.deepEqual(weightsOf(after).W_h, [[1, 2], [9, 4]]);
  assert.deepEqual(before, scene());
  assert.equal(after.inputs, before.inputs);
});

test("The first edit of a seeded layer writes out all that it has.", () => {
  const after = setWeight(seeded(), trace, { place: "layers.0.forward", name: "b_h", at: [1] }, 2);
  assert.deepEqual(weightsOf(after), { ...parameters, b_h: [0, 2] });
});

test("What is left out where some are given is zero, not what the trace of another moment says.", () => {
  const given = scene();
  assert.deepEqual(effective(given, groups(given)[0], trace), { ...weightsOf(given), b_h: [0, 0] });
});

test("Both directions of a bidirectional layer and the readout have weights of their own.", () => {
  const both = { ...scene(), network: { layers: [{ ...layer, direction: "bidirectional" }], readout: { outputs: 1 }, shape: "many-to-many" } };
  assert.deepEqual(groups(both).map(({ place, path }) => [place, path.at(-1)]), [
    ["layers.0.forward", "weights"], ["layers.0.backward", "backward_weights"], ["readout", "weights"],
  ]);
});

test("Weights drawn anew are left to the next seed; others that were drawn stay what they are.", () => {
  const readout = { outputs: 1, activation: "identity", weights: {} };
  const both = { ...scene(), seed: 4, network: { ...scene().network, readout } };
  const found = drawAnew(both, { ...trace, readout: { parameters: { V: [[1, 2]], b: [3] } } }, "layers.0.forward");
  assert.deepEqual([weightsOf(found), found.network.readout.weights, found.seed], [{}, { V: [[1, 2]], b: [3] }, 5]);
});

test("A size that no server takes is not written out.", () => {
  const huge = { ...scene(), network: { ...scene().network, layers: [{ ...layer, units: 1e9 }] } };
  assert.deepEqual(weightsOf(fitted(huge)), weightsOf(scene()));
});

test("More units leave what was there and add zeros; fewer cut.", () => {
  const wider = fitted({ ...scene(), initial: [{ h: [1, 2] }], network: { ...scene().network, layers: [{ ...layer, units: 3 }] } });
  assert.deepEqual(weightsOf(wider), { W_h: [[1, 2], [3, 4], [0, 0]], U_h: [[5, 6, 0], [7, 8, 0], [0, 0, 0]] });
  assert.deepEqual(wider.initial, [{ h: [1, 2, 0] }]);
  const narrow = fitted({ ...scene(), network: { ...scene().network, layers: [{ ...layer, units: 1 }] } });
  assert.deepEqual(weightsOf(narrow), { W_h: [[1, 2]], U_h: [[5]] });
});

test("The layer above follows the size of the layer below, both directions of it.", () => {
  const two = addLayer(scene());
  two.network.layers[1].weights = { W_h: [[1, 2], [3, 4]] };
  const layers = [{ ...layer, direction: "bidirectional" }, two.network.layers[1]];
  const found = fitted({ ...two, network: { ...two.network, layers } });
  assert.deepEqual(found.network.layers[1].weights.W_h, [[1, 2, 0, 0], [3, 4, 0, 0]]);
  assert.equal(found.network.layers[0].merge, "concat");
});

test("A new layer draws its own weights; taking it away leaves the first.", () => {
  const two = addLayer({ ...scene(), initial: [{ h: [1, 1] }] });
  assert.deepEqual(two.network.layers[1].weights, {});
  assert.deepEqual(two.initial, [{ h: [1, 1] }, {}]);
  const one = removeLayer(two, 1);
  assert.deepEqual(one.network.layers, scene().network.layers);
  assert.deepEqual(removeLayer(one, 0).network.layers.length, 1);
});

test("Another cell keeps what has its name and shape, and is seeded where nothing has.", () => {
  const other = setCell(scene(), PATH, "jordan", { before: elman, after: jordan });
  assert.deepEqual(weightsOf(other), { W_h: [[1, 2], [3, 4]] });
  assert.deepEqual(other.network.layers[0].options, { activation: "identity" });
  const gated = setCell(scene(), PATH, "gru", { before: elman, after: gru });
  assert.deepEqual([weightsOf(gated), gated.network.layers[0].options], [{}, {}]);
});

test("Rows come and go with their targets and labels.", () => {
  const base = { ...scene(), targets: [[1, 0], [0, 1], [1, 1]], labels: { inputs: ["a", "b", "c"], features: ["x", "y"] } };
  const more = addRow(base, 1);
  assert.deepEqual([more.inputs[1], more.targets[1], more.labels.inputs], [[0, 0], null, ["a", "", "b", "c"]]);
  assert.deepEqual(removeRow(more, 1).targets, base.targets);
  assert.equal(removeRow({ ...scene(), inputs: [[1, 1]] }, 0).inputs.length, 1);
});

test("Another shape brings what it needs, and targets as many as it has outputs.", () => {
  const base = { ...scene(), targets: [[1, 0], [0, 1], [1, 1]], loss: "squared_error" };
  const one = fitted(setShape(base, "many-to-one"), 3);
  assert.deepEqual([one.network.pool, one.targets], ["last", [[1, 0]]]);
  const many = setShape(one, "one-to-many");
  assert.deepEqual([many.network.pool, many.network.steps, many.inputs.length], [undefined, 3, 1]);
  assert.deepEqual(fitted(many, 3).targets, [[1, 0], null, null]);
});

test("A readout changes how wide the targets are.", () => {
  const found = fitted({ ...setOutputs(scene(), 3), targets: [[1, 0], null, [1, 1]] });
  assert.deepEqual(found.targets, [[1, 0, 0], null, [1, 1, 0]]);
  assert.equal(setOutputs(found, null).network.readout, undefined);
});

test("A loss brings the targets and the readout it asks for.", () => {
  const found = setLoss(scene(), "cross_entropy", { rows: 3, width: 2 });
  assert.deepEqual(found.network.readout, { outputs: 2, weights: {}, activation: "softmax" });
  assert.deepEqual(found.targets, [[1, 0], [1, 0], [1, 0]]);
  const back = setLoss({ ...found, targets: [1, null, [0, 1]] }, "squared_error", { rows: 3, width: 2 });
  assert.deepEqual(back.targets, [[0, 1], null, [0, 1]]);
  assert.equal("loss" in setLoss(found, null, { rows: 3, width: 2 }), false);
});

test("Another vocabulary changes how wide the first weights are.", () => {
  const { inputs: _inputs, ...rest } = scene();
  const found = fitted({ ...rest, text: "a b", encoding: { kind: "word", vocabulary: ["a", "b"], other: true } }, 2);
  assert.deepEqual(weightsOf(found).W_h, [[1, 2, 0], [3, 4, 0]]);
});

test("Labels that no longer name what there is are left out.", () => {
  const found = fitted({ ...scene(), inputs: [[1, 1, 1]], labels: { features: ["x", "y"], outputs: ["p", "q"] } });
  assert.deepEqual(found.labels, { outputs: ["p", "q"] });
});
