import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, stepOf } from "../../../static/js/views/edit/number.js";

const plain = { shiftKey: false, altKey: false };

test("A step is a tenth near zero, and grows with the number.", () => {
  assert.deepEqual([0, 3, -9.9, 12, -100, 5000].map(stepOf), [0.1, 0.1, 0.1, 1, 10, 100]);
});

test("Steps go and come back to the same digits.", () => {
  assert.equal(moved(moved(0.3, 1, plain), -1, plain), 0.3);
  assert.equal(moved(0.1, 2, plain), 0.3);
  assert.equal(moved(0.1, -1, plain), 0);
  assert.equal(moved(6.99977, 1, plain), 7.09977);
});

test("Shift goes ten times as far, Alt a tenth.", () => {
  assert.equal(moved(4.1, 1, { ...plain, shiftKey: true }), 5.1);
  assert.equal(moved(4.1, 1, { ...plain, altKey: true }), 4.11);
});
