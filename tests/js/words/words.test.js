import assert from "node:assert/strict";
import { test } from "node:test";
import { message, readMessage } from "../../../static/js/embed/messages.js";
import { frame } from "../../../static/js/model/trace.js";
import { paragraphs, patchOf, pieces } from "../../../static/js/words/phrases.js";
import { sentence } from "../../../static/js/words/sentences.js";
import { register, translator } from "../../../static/js/words/translate.js";
import { cell, scene, t, trace } from "../helpers.js";

/** @param {number | null} step @param {string} pass */
function said(step, pass = "forward") {
  const drawn = /** @type {any} */ ({ trace, scene, cell, cells: [cell], place: "layers.0.forward", cursor: { pass, t: step, node: null }, steps: 2, t });
  return sentence({ ...drawn, frame: frame(drawn) });
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

test("Only messages addressed to us are read.", () => {
  assert.equal(readMessage({ type: "step" }), null);
  assert.equal(readMessage("step"), null);
  assert.deepEqual(readMessage({ target: "unrolled", type: "step" }), { type: "step", state: null });
  assert.equal(readMessage({ target: "unrolled", type: "dance" })?.type, "unknown");
  assert.deepEqual(message("resize", { height: 5 }), { source: "unrolled", version: 1, type: "resize", height: 5 });
});
