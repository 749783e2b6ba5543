import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore, derive } from "../../../static/js/state/store.js";

test("A store tells its listeners of a change, and of nothing else.", () => {
  const store = createStore(1);
  /** @type {number[]} */
  const heard = [];
  const off = store.subscribe((value) => heard.push(value));
  store.set(2);
  store.set(2);
  off();
  store.set(3);
  assert.deepEqual(heard, [2]);
  assert.equal(store.get(), 3);
});

test("A derived part is heard of only when one of its own pieces changed.", () => {
  const store = createStore({ a: 1, b: 1 });
  let heard = 0;
  derive([store], ({ a }) => ({ a })).subscribe(() => (heard += 1));
  store.set({ a: 1, b: 2 });
  assert.equal(heard, 0);
  store.set({ a: 2, b: 2 });
  assert.equal(heard, 1);
});

test("A part derived from two stores hears of both.", () => {
  const left = createStore(1);
  const right = createStore(1);
  /** @type {number[]} */
  const sums = [];
  derive([left, right], (a, b) => ({ sum: a + b })).subscribe(({ sum }) => sums.push(sum));
  left.set(2);
  right.set(2);
  assert.deepEqual(sums, [3, 4]);
});
