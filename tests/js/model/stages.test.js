import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { operationsOf } from "../../../static/js/model/operations.js";
import { framed, progress, reachedAt, stageAt, stagesOf, together } from "../../../static/js/model/stages.js";
import { trace as tiny } from "../helpers.js";

const lstm = /** @type {any} */ ({ evaluation: ["z_f", "f", "z_g", "g", "c", "h"], equations: [], output: "h", state: ["h", "c"] });
const readoutCell = /** @type {any} */ ({ evaluation: ["z", "y"], equations: [] });
const direction = (/** @type {string} */ name) => ({ ...tiny.layers[0].directions[0], direction: name });
const trace = /** @type {any} */ ({ ...tiny, layers: [{ directions: [direction("forward"), direction("backward")] }], readout: { values: {} } });
const network = { trace, cells: [lstm], readoutCell };
const at = (/** @type {number | null} */ t, /** @type {string | null} */ stage = null, /** @type {any} */ pass = "forward") => ({ pass, t, node: null, stage });

describe("the stages of a step", () => {
  it("has a pre-activation together with the value it makes, only where that follows at once", () => {
    assert.deepEqual(together(["z_f", "f", "c"]), [["z_f", "f"], ["c"]]);
    assert.deepEqual(together(["z_f", "q", "f"]), [["z_f"], ["q"], ["f"]]);
  });
  it("goes through the directions, then the readout", () => {
    const found = stagesOf(network, "forward", "equation").map((stage) => stage.at);
    assert.deepEqual(found, ["f", "g", "c", "h"].map((name) => `layers.0.forward.${name}`).concat(["f", "g", "c", "h"].map((name) => `layers.0.backward.${name}`), "readout.y"));
  });
  it("is walked the other way round for gradients, every pre-activation after its value", () => {
    const [first, second] = stagesOf(network, "backward", "operation").map((stage) => stage.at);
    assert.deepEqual([first, second], ["readout.y", "readout.z"]);
    assert.equal(stagesOf(network, "backward", "equation").at(-1)?.at, "layers.0.forward.z_f");
  });
  it("is one whole where the reader walks by steps", () => {
    assert.deepEqual(stagesOf(network, "forward", "step"), []);
    assert.equal(reachedAt([], at(1), "step").reached, null);
  });
  it("leads from every place to a cursor and back", () => {
    const stages = stagesOf(network, "backward", "equation");
    for (let place = 0; place <= 2 * stages.length; place += 1) {
      const { t, index } = stageAt(stages, place, { pass: "backward", steps: 2 });
      const last = index === stages.length - 1;
      assert.equal(progress(stages, at(t, last || index < 0 ? null : stages[index].at, "backward"), 2), place);
    }
  });
});

describe("what is known at a stage", () => {
  const stages = stagesOf(network, "forward", "operation");
  it("is all that was made so far", () => {
    const { reached, current } = reachedAt(stages, at(0, "layers.0.forward.f"), "operation");
    assert.deepEqual([...(reached ?? [])], ["layers.0.forward.z_f", "layers.0.forward.f"]);
    assert.deepEqual(current, ["layers.0.forward.f"]);
  });
  it("leaves out the value whose operations are not all done", () => {
    const { reached, part } = reachedAt(stages, at(0, "layers.0.forward.f:1"), "operation");
    assert.deepEqual([[...(reached ?? [])], part], [["layers.0.forward.z_f"], 1]);
  });
  it("is everything at the last stage", () => {
    assert.equal(reachedAt(stages, at(0), "operation").reached, null);
  });
  it("hides the numbers that are still to come, not those of the step before", () => {
    const stage = reachedAt(stages, at(0, "layers.0.forward.f"), "operation");
    const frame = { values: { x: [1], z_f: [2], f: [0.5], c: [3] }, previous: { c: [9] }, gradients: null };
    const shown = framed(frame, stage, { place: "layers.0.forward", pass: "forward" });
    assert.deepEqual(shown, { values: { x: [1], z_f: [2], f: [0.5] }, previous: { c: [9] }, gradients: null });
  });
});

describe("the operations of a worked arithmetic", () => {
  const product = { factors: [{}, {}], value: 1 };
  it("are each product, the sum, the function", () => {
    const kinds = operationsOf({ value: 1, text: "", terms: [product, product], apply: { function: "tanh" } }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["term", "term", "sum", "apply"]);
  });
  it("are the function alone where a single value goes into it", () => {
    assert.deepEqual(operationsOf({ value: 1, text: "", terms: [{ factors: [{}], value: 1 }], apply: {} }), [{ kind: "apply" }]);
  });
  it("are one product where there is no more", () => {
    assert.equal(operationsOf({ value: 1, text: "", terms: [product] }).length, 1);
  });
  it("are never none", () => {
    assert.equal(operationsOf({ value: 1, text: "", terms: [] }).length, 1);
  });
});
