import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, fullAddress, parts, within } from "../../../static/js/state/model.js";
import { createScenes } from "../../../static/js/state/scenes.js";
import { position, stepAt } from "../../../static/js/state/walk.js";
import { cell, lesson } from "../helpers.js";

const page = { lang: "en", theme: "auto" };
const scenes = createScenes(lesson, { c: cell });
const start = (/** @type {string} */ query) => beginning(scenes, new URLSearchParams(query), page);

test("A page begins before the first step.", () => {
  assert.deepEqual(start("").cursor, { pass: "forward", t: null, node: null, stage: null });
});

test("The query counts steps from 1, and 0 is before the first.", () => {
  assert.equal(start("t=2").cursor.t, 1);
  assert.equal(start("t=0").cursor.t, null);
});

test("Values out of range are clamped, unknown ones ignored.", () => {
  assert.equal(start("t=99").cursor.t, 2);
  assert.equal(start("t=99&scene=two").cursor.t, 1);
  const odd = start("t=x&pass=sideways&lang=fr&theme=neon&notation=mine&scene=none&node=%3Cb%3E");
  assert.deepEqual(odd, start(""));
});

test("A state from outside is brought into bounds and keeps its further keys.", () => {
  const state = within({ cursor: { t: 7 }, view: { lang: "zh", own: 1 } }, start(""), scenes);
  assert.equal(state.cursor.t, 2);
  assert.equal(state.view.lang, "zh");
  assert.equal(state.view.own, 1);
});

test("A null step in a message means before the first, not nothing.", () => {
  assert.equal(within({ cursor: { t: null } }, start("t=2"), scenes).cursor.t, null);
  assert.equal(within({ cursor: {} }, start("t=2"), scenes).cursor.t, 1);
});

test("A bare name is the first layer's, forward.", () => {
  assert.equal(fullAddress("c[2]"), "layers.0.forward.c[2]");
  assert.equal(fullAddress("readout.y"), "readout.y");
  assert.equal(fullAddress("no<t>"), null);
});

test("An address falls into place, name and unit.", () => {
  assert.deepEqual(parts("layers.1.backward.z_f[3]"), { place: "layers.1.backward", name: "z_f", unit: 3 });
  assert.equal(parts("readout.y").unit, null);
});

for (const pass of /** @type {const} */ (["forward", "backward"])) {
  test(`Going ${pass}, positions and steps are two names of one place.`, () => {
    for (let place = 0; place <= 4; place += 1) {
      assert.equal(position({ pass, t: stepAt(place, pass, 4), node: null, stage: null }, 4), place);
    }
  });
}

test("The backward pass begins at the last step.", () => {
  assert.equal(stepAt(1, "backward", 5), 4);
  assert.equal(stepAt(5, "backward", 5), 0);
});
