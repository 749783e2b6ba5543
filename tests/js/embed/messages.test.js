import assert from "node:assert/strict";
import { test } from "node:test";

import { h5p } from "../../../static/js/embed/height.js";
import { message, readMessage } from "../../../static/js/embed/messages.js";

test("Messages that are not addressed to us are met with silence.", () => {
  for (const data of [null, "step", 7, [], { type: "step" }, { target: "h5p", type: "step" }]) assert.equal(readMessage(data), null);
});

test("A command is read with its state.", () => {
  assert.deepEqual(readMessage({ target: "unrolled", type: "step" }), { type: "step", state: null });
  const state = { cursor: { t: 2 } };
  assert.deepEqual(readMessage({ target: "unrolled", type: "setState", state }), { type: "setState", state });
});

test("An error says what was expected and what was got.", () => {
  const said = (/** @type {any} */ data) => readMessage({ target: "unrolled", ...data })?.error;
  assert.match(said({ type: "dance" }) ?? "", /^type: expected one of setState, .*, got "dance"$/);
  assert.match(said({}) ?? "", /got undefined$/);
  assert.match(said({ type: "setState", state: "elsewhere" }) ?? "", /^state: expected an object/);
});

test("What the frame says names its source and version.", () => {
  assert.deepEqual(message("resize", { height: 400 }), { source: "unrolled", version: 1, type: "resize", height: 400 });
});

/** A resizer's child that measures 600, and what it says. */
function child() {
  /** @type {any[]} */
  const said = [];
  const resizer = h5p((each) => said.push(each), () => ({ scrollHeight: 600, clientHeight: 600 }));
  return { resizer, said, actions: () => said.splice(0).map(({ context, action }) => `${context} ${action}`) };
}

test("The H5P resizer is greeted at load, and again when it is ready.", () => {
  const { resizer, actions } = child();
  assert.deepEqual(actions(), ["h5p hello"]);
  resizer.hear({ context: "h5p", action: "ready" });
  assert.deepEqual(actions(), ["h5p hello"]);
});

test("A height is prepared, and set once the host has made room.", () => {
  const { resizer, said, actions } = child();
  actions();
  resizer.hear({ context: "h5p", action: "hello" });
  assert.deepEqual(said.splice(0), [{ context: "h5p", action: "prepareResize", scrollHeight: 600, clientHeight: 600 }]);
  resizer.hear({ context: "h5p", action: "resizePrepared" });
  assert.deepEqual(said, [{ context: "h5p", action: "resize", scrollHeight: 600 }]);
});

test("A host that never greeted is not told of changes, nor are others answered.", () => {
  const { resizer, actions } = child();
  actions();
  resizer.changed();
  resizer.hear({ context: "other", action: "hello" });
  resizer.hear({ context: "h5p", action: "constructor" });
  resizer.hear(null);
  assert.deepEqual(actions(), []);
});
