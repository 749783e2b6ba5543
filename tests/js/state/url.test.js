import assert from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { test } from "node:test";
import { decode, encode } from "../../../static/js/state/url.js";

const state = { scene: "lecture-lstm", cursor: { pass: "forward", t: 3, node: null }, view: { lang: "zh", words: "记忆" } };

test("A state survives the way through a link.", async () => {
  assert.deepEqual(await decode(await encode(state)), state);
});

test("The link is #1. and base64url of raw-deflated JSON.", async () => {
  const fragment = await encode(state);
  assert.match(fragment, /^#1\.[A-Za-z0-9_-]+$/);
  const bytes = Buffer.from(fragment.slice(3), "base64url");
  assert.deepEqual(JSON.parse(inflateRawSync(bytes).toString()), state);
});

for (const fragment of ["", "#", "#main", "#1.", "#1.***", "#1.AAAA", "#2.abc"]) {
  test(`The fragment ${JSON.stringify(fragment)} holds no state.`, async () => {
    assert.equal(await decode(fragment), null);
  });
}

test("A short link that would inflate to megabytes holds no state.", async () => {
  const bytes = deflateRawSync(JSON.stringify({ view: { words: "a".repeat(2_000_000) } }));
  assert.ok(bytes.length < 10_000);
  assert.equal(await decode(`#1.${bytes.toString("base64url")}`), null);
});
