import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { relatedTo } from "../../../static/js/model/related.js";

const graphs = JSON.parse(readFileSync(new URL("../diagram/graphs.json", import.meta.url), "utf8"));
const lstm = /** @type {any} */ ({ graph: graphs.lstm, output: "h" });

test("A gate is lit with what enters it and all that it reaches, and with nothing beside its way.", () => {
  assert.deepEqual(new Set(relatedTo(lstm, "i")), new Set(["i", "z_i", "x", "h[t-1]", "c", "m", "h", "readout.z", "readout.y"]));
});

test("A sum that enters a gate is lit as the gate is.", () => {
  assert.deepEqual(relatedTo(lstm, "z_f"), relatedTo(lstm, "f"));
});

test("An output of the readout hangs on everything that makes the cell's.", () => {
  const found = relatedTo(lstm, "readout.y");
  for (const name of ["x", "c[t-1]", "f", "o", "h", "readout.z"]) assert.ok(found?.has(name), name);
});

test("Nothing pointed at lights nothing; a name that is none lights itself alone.", () => {
  assert.equal(relatedTo(lstm, null), null);
  assert.deepEqual(relatedTo(lstm, "nowhere"), new Set(["nowhere"]));
});
