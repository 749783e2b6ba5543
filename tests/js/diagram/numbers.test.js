/** Numbers and symbols as the diagram shows them. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { corners, lengthOf, rounded } from "../../../static/js/diagram/lines.js";
import { entriesOf, listed, logarithmic, openness, plain } from "../../../static/js/diagram/numbers.js";
import { written } from "../../../static/js/diagram/symbols.js";

test("numbers that are not finite stay what they are", () => {
  assert.deepEqual(entriesOf({ c: ["Infinity", "-Infinity", "NaN"] }, "c"), [Infinity, -Infinity, NaN]);
  assert.deepEqual([Infinity, -Infinity, NaN].map(plain), ["∞", "−∞", "NaN"]);
});

test("a value that is not there is not zero", () => {
  assert.equal(entriesOf(null, "c"), null);
  assert.equal(entriesOf({}, "c"), null);
  assert.equal(entriesOf({ c: null }, "c"), null);
  assert.equal(openness(null, 0, false), null);
});

test("numbers are short, with a true minus and no negative zero", () => {
  assert.deepEqual([7, -3, 0.99995, -0.001, 1e7].map(plain), ["7", "−3", "1.00", "0.00", "1.0e+7"]);
});

test("a few entries are listed, many become the least and the greatest", () => {
  assert.equal(listed([2], plain), "2");
  assert.equal(listed([2, 0, -1], plain), "[2 0 −1]");
  assert.equal(listed([5, -2, 3, 4], plain), "−2…5");
  assert.equal(listed([NaN, NaN, NaN, NaN], plain), "NaN");
});

test("a gate is as open as its value says, and its complement as shut", () => {
  assert.equal(openness([0.25], 0, false), 0.25);
  assert.equal(openness([0.25], 0, true), 0.75);
  assert.equal(openness([0.1, 0.9], 1, false), 0.9);
  assert.equal(openness([0.4], 5, false), 0.4);
  assert.equal(openness([NaN], 0, false), null);
});

test("gradients grow on a log scale and vanish at zero", () => {
  assert.equal(logarithmic(null), null);
  assert.equal(logarithmic([0, 0]), 0);
  const sizes = [1e-9, 1e-4, 1, 100, Infinity].map((g) => Number(logarithmic([g])));
  assert.deepEqual([...sizes].sort((a, b) => a - b), sizes);
  assert.ok(sizes[0] > 0 && sizes[3] === 1 && sizes[4] === 1);
});

test("names are written with lowered parts and the step before in angle brackets", () => {
  assert.equal(written("c", true), "c⟨t−1⟩");
  assert.equal(written("z_f", false), "z_{f}");
});

test("a way keeps only its corners", () => {
  assert.deepEqual(corners([[0, 0], [5, 0], [5, 0], [9, 0], [9, 4]]), [[0, 0], [9, 0], [9, 4]]);
  assert.equal(lengthOf([[0, 0], [9, 0], [9, 4]]), 13);
});

test("a rounded path begins and ends where its line does", () => {
  const path = rounded([[0, 0], [40, 0], [40, 30]]);
  assert.match(path, /^M0,0L30,0Q40,0 40,10L40,30$/);
});
