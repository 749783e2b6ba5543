import assert from "node:assert/strict";
import { test } from "node:test";
import { reachedAt, stagesOf } from "../../../static/js/model/stages.js";
import { paragraphs, patchOf, pieces } from "../../../static/js/words/phrases.js";
import { list } from "../../../static/js/words/names.js";
import { sentence } from "../../../static/js/words/sentences.js";
import { register, translator } from "../../../static/js/words/translate.js";
import { cell, scene, t, trace } from "../helpers.js";

/**
 * @param {number | null} step
 * @param {"forward" | "backward"} [pass]
 * @param {any} [more]
 */
function said(step, pass = "forward", { stage = null, level = "step", ...more } = {}) {
  const cursor = { pass, t: step, node: null, stage };
  const network = /** @type {any} */ ({ trace, cells: [cell], readoutCell: null, ...more });
  const reached = reachedAt(stagesOf(network, pass, level), cursor, level);
  return sentence({ ...network, scene, cursor, stage: reached, place: "layers.0.forward", steps: 2, t });
}

test("A step is said in words: gates, memory, output.", () => {
  assert.equal(
    said(1),
    "Step 2 of 2: the input is 4; the forget gate is closed, 0; the memory falls from 3 to −4; the output is −4.",
  );
});

test("A memory that rises is said to rise.", () => {
  assert.match(said(0), /the forget gate is open, 1; the memory rises from 0 to 3/);
});

test("Going backward the sentence speaks of gradients.", () => {
  assert.equal(said(1, "backward"), "Step 2 of 2: the gradient of the hidden value is 1; the gradient of the memory is 1.");
});

test("Before the first step there is little to say.", () => {
  assert.equal(said(null), "Before the first step.");
});

test("A message is filled in; an unknown one is shown as it is.", () => {
  register("xx", { "Step {t}": "{t}. Schritt" });
  assert.equal(translator("xx")("Step {t}", { t: 3 }), "3. Schritt");
  assert.equal(translator("xx")("Nowhere {t}", { t: 3 }), "Nowhere 3");
});

test("Marked phrases carry the state they set.", () => {
  const found = pieces("See [the gate](t=4&node=layers.0.forward.f): it **keeps**.");
  assert.deepEqual(found.map(({ text }) => text), ["See ", "the gate", ": it ", "keeps", "."]);
  assert.equal(found[3].strong, true);
  assert.deepEqual(patchOf(found[1].set ?? {}, "tiny"), { cursor: { t: 4, node: "layers.0.forward.f" } });
});

test("Lines of a lesson run together, in Chinese without a space.", () => {
  assert.deepEqual(paragraphs("one\ntwo\n\nthree\n", "en"), ["one two", "three"]);
  assert.deepEqual(paragraphs("一\n二\n", "zh"), ["一二"]);
});

test("An equation says what it came to.", () => {
  assert.equal(said(1, "forward", { stage: "layers.0.forward.f", level: "equation" }), "Step 2 of 2, value 1 of 3: the forget gate is closed, 0.");
  assert.equal(said(1, "forward", { stage: "layers.0.forward.c", level: "equation" }), "Step 2 of 2, value 2 of 3: the memory falls from 3 to −4.");
  assert.equal(said(1, "backward", { stage: "layers.0.forward.c", level: "equation" }), "Step 2 of 2, value 2 of 3: the gradient of the memory is 1.");
});

test("An operation says what it did.", () => {
  const explanation = { value: 3, terms: [{ factors: [{ value: 1 }, { value: 3 }], value: 3 }, { factors: [{ value: 0 }], value: 0 }] };
  const about = { level: "operation", explanation };
  assert.match(said(0, "forward", { ...about, stage: "layers.0.forward.c:1" }), /the memory: term 1 of 2: 1 · 3 = 3\./);
  assert.match(said(0, "forward", { ...about, stage: "layers.0.forward.c:2" }), /the memory: term 2 of 2: 0\./);
});

test("In a network that reads both ways each direction says its own.", () => {
  const both = { ...trace, layers: [{ directions: [trace.layers[0].directions[0], { ...trace.layers[0].directions[0], direction: "backward" }] }] };
  assert.match(said(1, "forward", { trace: both }), /reading forward: the memory falls from 3 to −4; reading backward: /);
});

test("A wide vector is said by its ends.", () => {
  const wide = Array.from({ length: 256 }, (_, unit) => unit / 100 - 1);
  assert.equal(list(wide, t), "256 numbers from −1 to 1.55");
  assert.equal(list([...wide, "NaN"], t), "257 numbers, 1 of them not finite");
});
