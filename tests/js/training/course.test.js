import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, heard, isGoing, learned, obstacle, trainMessage, USUAL, wasClipped } from "../../../static/js/training/course.js";
import { curve, decades } from "../../../static/js/training/curve.js";

const scene = { inputs: [[1]], targets: [[2]], loss: "squared_error", network: { shape: "many-to-many" } };
const progress = (/** @type {number} */ update, state = "running") => ({ type: "progress", update, loss: 1 / update, gradient_norm: 2, clipped_norm: 1, state });

test("A scene without targets or loss has nothing to learn, one without rows no form for it.", () => {
  assert.equal(obstacle(scene), null);
  assert.equal(obstacle({ ...scene, targets: null }), "targets");
  assert.equal(obstacle({ ...scene, loss: null }), "targets");
  assert.equal(obstacle({ ...scene, inputs: null }), "form");
});

test("The message has the scene's own sequence, and clips only where it was asked to.", () => {
  const message = trainMessage(scene, USUAL, true);
  assert.deepEqual(message.examples, [{ inputs: [[1]], targets: [[2]] }]);
  assert.equal(message.clip, null);
  assert.equal(message.paused, true);
  assert.deepEqual(trainMessage(scene, { ...USUAL, clip: "norm", bound: 3 }, false).clip, { norm: 3 });
});

test("Reports add up; one that says nothing new is not counted twice.", () => {
  const course = [progress(1), progress(2), progress(2, "paused")].reduce(heard, begun());
  assert.deepEqual(course.reports.map(({ update }) => update), [1, 2]);
  assert.equal(course.status, "paused");
  assert.equal(isGoing(course), true);
});

test("A training that ends says why.", () => {
  const course = heard(heard(begun(), progress(1)), { type: "trained", stopped: "non_finite" });
  assert.deepEqual([course.status, course.stopped], ["ended", "non_finite"]);
  assert.equal(isGoing(course), false);
});

test("A refusal before the first report is the server's word on the training.", () => {
  const refused = heard(begun(), { type: "error", detail: "loss: expected one" });
  assert.deepEqual([refused.status, refused.detail], ["refused", "loss: expected one"]);
});

test("Long trainings keep their first and their last report.", () => {
  let course = begun();
  for (let update = 1; update <= 2000; update += 1) course = heard(course, progress(update));
  assert.ok(course.reports.length <= 600);
  assert.equal(course.reports[0].update, 1);
  assert.equal(course.reports.at(-1)?.update, 2000);
});

test("What a trained network leaves open is left out of the document.", () => {
  const trained = { network: { layers: [{ cell: "gru", merge: null, weights: { b: [1] } }], readout: null } };
  assert.deepEqual(learned({ inputs: [[1]], network: {} }, trained), { inputs: [[1]], network: { layers: [{ cell: "gru", weights: { b: [1] } }] } });
});

test("An update is clipped where its norm became smaller.", () => {
  assert.equal(wasClipped(progress(1)), true);
  assert.equal(wasClipped({ ...progress(1), clipped_norm: 2 }), false);
  assert.equal(wasClipped(undefined), false);
});

const room = { width: 100, height: 50, margin: 0 };

test("A curve falls over whole powers of ten.", () => {
  const scale = decades([1, 0.02]);
  assert.deepEqual(scale, { low: -2, high: 0 });
  assert.equal(curve([1, 2], [1, 0.01], scale, room).line, "M0.0 0.0L100.0 50.0");
});

test("What a logarithm has no place for breaks the line and is marked at its edge.", () => {
  const { line, marks } = curve([1, 2, 3], [1, "Infinity", 0], { low: -1, high: 0 }, room);
  assert.equal(line, "M0.0 0.0");
  assert.deepEqual(marks.map(({ y, value }) => [y, value]), [[0, "Infinity"], [50, 0]]);
});

test("A curve of one value, or of none, has a scale all the same.", () => {
  assert.deepEqual(decades([1]), { low: 0, high: 1 });
  assert.deepEqual(decades(["NaN", 0]), { low: -1, high: 1 });
});
