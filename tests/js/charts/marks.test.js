import assert from "node:assert/strict";
import { test } from "node:test";
import { cursorMark, emphasis, fitted, heightFor, hoverOf, pointedAt, stepOf } from "../../../static/js/charts/marks.js";

test("The cursor is a line across time, counted from 1.", () => {
  const [line] = cursorMark("x", 2, "#000");
  assert.deepEqual([line.x0, line.x1, line.xref, line.yref], [3, 3, "x", "paper"]);
});

test("In a square of steps the cursor frames its row.", () => {
  const [frame] = cursorMark("y", 0, "#000");
  assert.deepEqual([frame.type, frame.y0, frame.y1, frame.xref], ["rect", 0.5, 1.5, "paper"]);
});

test("Where no axis counts steps, or before the first one, nothing is marked.", () => {
  assert.deepEqual(cursorMark(null, 2, "#000"), []);
  assert.deepEqual(cursorMark("x", null, "#000"), []);
});

const data = [{ meta: { address: "layers.0.forward.f[0]" } }, { meta: { address: "layers.0.forward.c[0]" } }, {}];

test("The selected value stands out, and all are full where it is in none of them.", () => {
  assert.deepEqual(emphasis(data, "layers.0.forward.c[0]"), [0.3, 1, 0.3]);
  assert.deepEqual(emphasis(data, "layers.0.forward.z_f[0]"), [1, 1, 1]);
  assert.deepEqual(emphasis(data, null), [1, 1, 1]);
});

test("A line of a whole value stands out for each of its units.", () => {
  assert.deepEqual(emphasis([{ meta: { address: "layers.0.forward.h" } }, {}], "layers.0.forward.h[4]"), [1, 0.3]);
});

test("A chosen point leads to its step, a point between steps to none.", () => {
  assert.equal(stepOf("x", { x: 3, y: 9 }), 2);
  assert.equal(stepOf("y", { x: 3, y: 9 }), 8);
  assert.equal(stepOf("x", { x: 0.5, y: 1 }), null);
  assert.equal(stepOf(null, { x: 3, y: 9 }), null);
});

test("On a narrow screen the scale of colours lies below.", () => {
  const figure = { data: [{ colorbar: { title: { text: "p" } } }, { type: "scatter" }], layout: {} };
  assert.equal(fitted(figure, 300).data[0].colorbar.orientation, "h");
  assert.equal(fitted(figure, 300).data[1].colorbar, undefined);
  assert.equal(fitted(figure, 900).data[0].colorbar.orientation, undefined);
});

test("A square of steps is drawn taller than lines over time.", () => {
  const square = heightFor({ figure: { data: [{ type: "heatmap" }], layout: {} }, follows: "y" }, 500);
  assert.ok(square > heightFor({ figure: { data: [{ type: "scatter" }], layout: {} }, follows: "x" }, 500));
});

test("What is pointed at anywhere stands out in the chart, all units of it.", () => {
  const node = pointedAt("f", "layers.0.forward.c[0]", "layers.0.forward");
  assert.deepEqual(emphasis(data, node), [1, 0.3, 0.3]);
  assert.equal(pointedAt(null, "readout.y[0]", "layers.0.forward"), "readout.y[0]");
  assert.equal(pointedAt("readout.y", null, "layers.0.forward"), "readout.y");
});

test("A line that is pointed at is a value of the cell in view, or none.", () => {
  assert.equal(hoverOf(data[0], "layers.0.forward"), "f");
  assert.equal(hoverOf(data[0], "layers.1.forward"), null);
  assert.equal(hoverOf({}, "layers.0.forward"), null);
});
