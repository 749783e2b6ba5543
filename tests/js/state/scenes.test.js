import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn } from "../../../static/js/state/drawn.js";
import { createScenes } from "../../../static/js/state/scenes.js";
import { cell, lesson, trace } from "../helpers.js";

const layer = { cell: "c", units: 1, direction: "forward", options: {} };
const document = { version: 1, inputs: [[1], [2], [3], [4]], network: { layers: [layer], shape: "many-to-many" } };
const key = '["c",{}]';
const known = () => createScenes(lesson, { c: cell, [key]: cell });
const state = (/** @type {any} */ scene, view = {}) => /** @type {any} */ ({ scene, cursor: { pass: "forward", t: null, node: null }, view });
const session = (/** @type {any} */ held) => /** @type {any} */ ({ held });

test("A lesson's scene goes by the lesson's name, the first by both.", () => {
  const scenes = known();
  assert.equal(scenes.resolve("tiny/two")?.steps, 2);
  assert.equal(scenes.canonical("tiny/one"), "tiny");
  assert.equal(scenes.resolve("tiny/one"), scenes.resolve("tiny"));
  assert.equal(scenes.resolve("another"), null);
});

test("Steps that the server counted are believed before inputs are.", () => {
  const [one, two] = lesson.scenes;
  const scenes = createScenes({ ...lesson, scenes: [{ ...one, steps: 7 }, two] }, { c: cell });
  assert.equal(scenes.resolve("tiny")?.steps, 7);
});

test("An inline scene whose cells are known needs no server, and keeps its name.", () => {
  const scenes = known();
  const found = scenes.resolve(document);
  assert.equal(found?.steps, 4);
  assert.deepEqual(found?.cells, [cell]);
  assert.equal(scenes.resolve(document), found);
  assert.notEqual(scenes.resolve({ ...document })?.content, found?.content);
});

test("A decoder that looks back has a cell for its attention, and a readout that sees the context.", () => {
  const looking = '["attention",{"kind":"dot"}]';
  const speaking = '["readout_attention",{"activation":"softmax"}]';
  const half = { layers: [layer] };
  const network = { shape: "encoder-decoder", encoder: half, decoder: { ...half, readout: { outputs: 1, activation: "softmax" } }, attention: { kind: "dot" } };
  const two = { ...document, network, decoder_inputs: [[1]] };
  const scenes = createScenes(lesson, { c: cell, [key]: cell });
  assert.equal(scenes.resolve(two), null);
  const [attention, readout] = [{ ...cell, id: "attention" }, { ...cell, id: "readout" }];
  const cells = { [key]: cell, [looking]: attention, [speaking]: readout };
  const held = scenes.learn(two, { scene: two, steps: 1, cells, layers: [key, key], readout: speaking, attention: looking });
  assert.equal(scenes.resolve(held)?.attention, attention);
  const edited = scenes.resolve({ ...two, seed: 4 });
  assert.deepEqual([edited?.attention, edited?.readout, edited?.cells.length], [attention, readout, 2]);
});

test("Only the server can tell what a text or an unknown cell means; then it is known.", () => {
  const scenes = known();
  const text = { ...document, inputs: undefined, text: "a b" };
  assert.equal(scenes.resolve(text), null);
  const filled = { ...text, seed: 0 };
  const held = scenes.learn(text, { scene: filled, steps: 2, cells: { [key]: cell }, layers: [key], readout: null });
  assert.equal(held, filled);
  assert.equal(scenes.resolve(held)?.steps, 2);
});

test("A text that was read once needs no server again, and is drawn by its rows.", () => {
  const scenes = known();
  const text = { ...document, inputs: undefined, text: "a b", encoding: { kind: "word" } };
  const rows = [[1], [0]];
  scenes.learn(text, { scene: text, steps: 2, cells: { [key]: cell }, layers: [key], readout: null, rows });
  const edited = scenes.resolve({ ...text, seed: 3 });
  assert.equal(edited?.steps, 2);
  assert.deepEqual(edited?.drawn.inputs, rows);
  assert.equal(edited?.scene.inputs, undefined);
  assert.equal(scenes.resolve({ ...text, text: "a b c" }), null);
});

test("The last picture of an edited scene stays until the next is there, under one key.", () => {
  const scenes = known();
  const started = scenes.resolve("tiny");
  const held = { origin: "tiny", scene: started, gradients: false, trace };
  const before = drawn(state("tiny"), session(held), scenes);
  const edited = drawn(state({ ...document, inputs: [[5]] }, { from: "tiny" }), session(held), scenes);
  assert.equal(edited.shown, started);
  assert.equal(edited.key, before.key);
  assert.equal(drawn(state("tiny/two"), session(held), scenes).trace, null);
});

test("A change of structure changes the picture's key, a change of numbers does not.", () => {
  const scenes = known();
  const keyOf = (/** @type {any} */ scene) =>
    drawn(state(scene, { from: "elsewhere" }), session({ origin: "elsewhere", scene: scenes.resolve(scene), trace }), scenes).key;
  const base = scenes.learn("elsewhere", { scene: document, steps: 4, cells: { [key]: cell }, layers: [key], readout: null });
  assert.equal(base, "elsewhere");
  assert.equal(keyOf({ ...document, inputs: [[9], [2], [3], [4]] }), "elsewhere");
  assert.notEqual(keyOf({ ...document, network: { ...document.network, layers: [{ ...layer, units: 2 }] } }), "elsewhere");
});
