import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, full, isRounded, magnitude, precise, printed, rounded, scale, sized } from "../../../static/js/model/number.js";

test("Exact numbers stand beside the lecture's rounding.", () => {
  assert.equal(exact(6.999773010656488), "6.99977");
  assert.equal(rounded(6.999773010656488), "7");
  assert.equal(exact(0.9999546021312976), "0.99995");
  assert.equal(exact(5.73e-39), "5.73×10⁻³⁹");
  assert.equal(rounded(5.73e-39), "0");
  assert.equal(exact(-10), "−10");
});

test("Zero has no sign.", () => {
  assert.equal(rounded(-0.001), "0");
  assert.equal(exact(-0), "0");
});

test("Numbers that are not finite are shown, never as nothing.", () => {
  for (const format of [exact, rounded, sized, full, magnitude, precise, printed]) {
    assert.equal(format("Infinity"), "∞");
    assert.equal(format("-Infinity"), "−∞");
    assert.equal(format("NaN", "not a number"), "not a number");
  }
});

test("Gradients keep their power of ten.", () => {
  assert.equal(sized(4.5e-7), "4.5×10⁻⁷");
  assert.equal(magnitude(-4.5e-7), "−10⁻⁷");
});

test("Printed operands give the printed result.", () => {
  const read = (/** @type {string} */ text) =>
    Number(text.replace(/×10(.*)/, (_, power) => `e${[...power].map((d) => ("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(d) < 0 ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(d))).join("")}`));
  for (const [a, b] of [[0.9999546021312976, 7], [0.000045397868702434395, 2], [0.000045397868702434395, 6.999773010656488]]) {
    assert.equal(printed(read(precise(a)) * read(precise(b))), printed(a * b));
  }
});

test("All digits are all digits.", () => {
  assert.equal(full(0.9999546021312976), "0.9999546021312976");
  assert.equal(full(1.5e-48), "1.5×10⁻⁴⁸");
});

test("A number that is its own rounding needs no second one.", () => {
  assert.equal(isRounded(7), false);
  assert.equal(isRounded(6.999773), true);
  assert.equal(isRounded("NaN"), false);
});

test("The scale has a sign and a share of the largest.", () => {
  assert.deepEqual(scale(-4, 4), { sign: "negative", share: 1 });
  assert.deepEqual(scale(1, 4), { sign: "positive", share: 0.5 });
  assert.equal(scale("-Infinity", 4).sign, "negative");
  assert.equal(scale("NaN", 4).sign, "undefined");
});
