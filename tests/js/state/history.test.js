import assert from "node:assert/strict";
import { test } from "node:test";
import { back, forth, NO_HISTORY, record } from "../../../static/js/state/history.js";

const state = (/** @type {string} */ scene) => /** @type {any} */ ({ scene });

test("Undo gives the state an edit left, redo the one it came to.", () => {
  const after = record(NO_HISTORY, state("a"), null);
  const undone = back(after, state("b"));
  assert.equal(undone?.state.scene, "a");
  assert.equal(forth(/** @type {any} */ (undone).history, state("a"))?.state.scene, "b");
});

test("A drag is one entry.", () => {
  const first = record(NO_HISTORY, state("a"), "drag 1");
  const more = record(record(first, state("b"), "drag 1"), state("c"), "drag 1");
  assert.equal(back(more, state("d"))?.state.scene, "a");
  assert.equal(record(more, state("d"), "drag 2").past.length, 2);
});

test("A new edit after undo leaves nothing to do again.", () => {
  const undone = back(record(NO_HISTORY, state("a"), null), state("b"));
  assert.equal(forth(record(/** @type {any} */ (undone).history, state("a"), null), state("c")), null);
});

test("There is nothing to take back at the beginning, and memory is bounded.", () => {
  assert.equal(back(NO_HISTORY, state("a")), null);
  let history = NO_HISTORY;
  for (let edit = 0; edit < 500; edit += 1) history = record(history, state(`${edit}`), null);
  assert.equal(history.past.length, 100);
  assert.equal(history.past[99].scene, "499");
});
