import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, entriesOf, statesOf } from "../../../static/js/charts/choices.js";
import { chartOf, kindsFor, requestFor } from "../../../static/js/charts/kinds.js";
import { cell, trace } from "../helpers.js";

const plain = { network: { shape: "many-to-many", layers: [{ cell: "lstm" }], readout: null }, inputs: [[1]] };
const judged = { ...plain, loss: "squared_error", targets: [[1]] };
const writer = { network: { shape: "many-to-many", layers: [{ cell: "gru" }], readout: { outputs: 2, activation: "softmax" } }, inputs: [[0, 0]] };
const two = { network: { shape: "encoder-decoder", attention: "dot", encoder: {}, decoder: {} }, inputs: [[1]] };
const weighed = /** @type {any} */ ({
  ...trace,
  layers: [{ cell: "lstm", directions: [{ ...trace.layers[0].directions[0], parameters: { W_f: [[1]], U_f: [[2, 3]], b_f: [4] } }] }],
});
const about = { lang: "en", theme: /** @type {"light"} */ ("light"), scene: plain, place: "layers.0.forward", node: null, others: [], name: "LSTM", reports: [] };

test("Without a loss there is no error surface, with one there is.", () => {
  assert.equal(kindsFor(plain, []).includes("surface"), false);
  assert.equal(kindsFor(judged, []).includes("surface"), true);
});

test("Attention is offered to a decoder with attention alone, and there no table of pairs.", () => {
  assert.deepEqual(kindsFor(two, []), ["gates", "gradient_norms", "attention"]);
  assert.equal(kindsFor(plain, []).includes("attention"), false);
});

test("A network that says what it reads can be sampled.", () => {
  assert.equal(kindsFor(writer, []).includes("sampling"), true);
  assert.equal(kindsFor({ ...writer, inputs: [[0, 0, 0]] }, []).includes("sampling"), false);
  const both = { ...writer, network: { ...writer.network, layers: [{ cell: "gru", direction: "bidirectional" }] } };
  assert.equal(kindsFor(both, []).includes("sampling"), false);
});

test("The course of a training is offered once there is one.", () => {
  assert.equal(kindsFor(plain, [{ update: 1 }]).includes("training"), false);
  assert.equal(kindsFor(plain, [{ update: 1 }, { update: 2 }]).includes("training"), true);
});

test("A chart that makes no sense for the scene gives way to the first that does.", () => {
  assert.deepEqual(chartOf({ kind: "surface", flat: true }, ["gates", "bptt"]), { kind: "gates" });
  assert.deepEqual(chartOf({ kind: "bptt", parameter: "b" }, ["gates", "bptt"]), { kind: "bptt", parameter: "b" });
  assert.deepEqual(chartOf(undefined, ["gates"]), { kind: "gates" });
});

test("A gate chart shows the unit that is selected, unless another was chosen.", () => {
  const node = "layers.0.forward.f[3]";
  assert.equal(requestFor({ ...about, node, chart: { kind: "gates" } })?.unit, 3);
  assert.equal(requestFor({ ...about, node, chart: { kind: "gates", unit: 1 } })?.unit, 1);
  assert.equal(requestFor({ ...about, node: "layers.1.forward.f[3]", chart: { kind: "gates" } })?.unit, 0);
});

test("Gradient norms are asked for all networks that are compared, by their names.", () => {
  const others = [{ name: "GRU", scene: writer }];
  const request = requestFor({ ...about, others, chart: { kind: "gradient_norms" } });
  assert.deepEqual(request?.names, ["LSTM", "GRU"]);
  assert.deepEqual(request?.scenes, [plain, writer]);
});

test("What wants a choice is not asked before it is made.", () => {
  assert.equal(requestFor({ ...about, chart: { kind: "jacobians" } }), null);
  assert.equal(requestFor({ ...about, chart: { kind: "surface" } }), null);
});

test("States are named by place, the output first.", () => {
  assert.deepEqual(statesOf(weighed, [cell]), ["layers.0.forward.h", "layers.0.forward.c"]);
});

test("A surface varies a recurrent weight and a bias around their values, from where it stands.", () => {
  const chart = completed({ kind: "surface" }, weighed, [cell]);
  assert.deepEqual(chart.axes.map((/** @type {any} */ axis) => [axis.parameter, axis.entry, axis.from, axis.to]), [
    ["layers.0.forward.U_f", [0, 0], 0, 4],
    ["layers.0.forward.b_f", [0], 2, 6],
  ]);
  assert.deepEqual(chart.descents[0].start, [2, 4]);
});

test("Two axes are never the same entry.", () => {
  const picked = [entriesOf(weighed)[1], entriesOf(weighed)[1]];
  const { axes } = completed({ kind: "surface", picked }, weighed, [cell]);
  assert.notDeepEqual([axes[0].parameter, axes[0].entry], [axes[1].parameter, axes[1].entry]);
});

test("A choice that the scene no longer has is replaced.", () => {
  assert.equal(completed({ kind: "jacobians", of: "layers.7.forward.h" }, weighed, [cell]).of, "layers.0.forward.h");
  assert.equal(completed({ kind: "bptt", parameter: "layers.0.forward.b_f" }, weighed, [cell]).parameter, "layers.0.forward.b_f");
});
