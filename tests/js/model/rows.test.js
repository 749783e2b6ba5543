import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { condensed } from "../../../static/js/model/rows.js";

describe("a long vector in few cells", () => {
  it("keeps a short one as it is", () => {
    assert.deepEqual(condensed([1, -2, 3], 4), [1, -2, 3]);
  });
  it("shows of each stretch the entry furthest from zero, with its sign", () => {
    assert.deepEqual(condensed([0.1, -0.9, 0.5, 0.2, 0, -0.1], 3), [-0.9, 0.5, -0.1]);
  });
  it("never hides what is not finite", () => {
    assert.deepEqual(condensed([5, "NaN", -7, "-Infinity"], 2), ["NaN", "-Infinity"]);
  });
  it("uses every entry once", () => {
    const values = Array.from({ length: 257 }, (_, i) => i + 1);
    assert.equal(condensed(values, 48).length, 48);
    assert.equal(condensed(values, 48).at(-1), 257);
  });
});
