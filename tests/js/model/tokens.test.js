import assert from "node:assert/strict";
import { test } from "node:test";
import { inputWords, outputWords } from "../../../static/js/model/tokens.js";

const trace = /** @type {any} */ ({ layers: [], readout: { values: { y: [[0.1, 0.9], ["NaN", 0.2]] } } });
const network = { readout: { activation: "softmax" } };

test("A step's word is its label, or the one that its row stands for.", () => {
  const inputs = [[0, 1], [1, 0], [0, 0]];
  assert.deepEqual(inputWords(trace, { inputs, network, labels: { features: ["cat", "dog"] } }, ""), ["dog", "cat", null]);
  assert.deepEqual(inputWords(trace, { inputs, network, labels: { inputs: ["a", "b", "c"] } }, ""), ["a", "b", "c"]);
  assert.deepEqual(inputWords(trace, { inputs, network, encoding: { vocabulary: ["x", "y"] } }, ""), ["y", "x", null]);
});

test("Numbers that are no words have none.", () => {
  assert.equal(inputWords(trace, { inputs: [[3, 1]], network, labels: { features: ["x1", "x2"] } }, ""), null);
  assert.equal(inputWords(trace, { inputs: [[3, 1]], network }, ""), null);
});

test("A decoder is fed what it said.", () => {
  const pair = /** @type {any} */ ({ ...trace, layers: undefined, decoder: { layers: [], steps: 2, inputs: [[0, 0], [0, 1]] } });
  assert.deepEqual(inputWords(pair, { inputs: [], network: {}, labels: { outputs: ["one", "two"] } }, "decoder"), [null, "two"]);
});

test("The likeliest word comes out of a softmax, and of nothing else.", () => {
  const labels = { outputs: ["one", "two"] };
  assert.deepEqual(outputWords(trace, { network, labels }), ["two", "two"]);
  assert.equal(outputWords(trace, { network: { readout: { activation: "identity" } }, labels }), null);
  assert.equal(outputWords(trace, { network }), null);
});
