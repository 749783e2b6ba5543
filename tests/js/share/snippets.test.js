import assert from "node:assert/strict";
import { test } from "node:test";

import { snippets } from "../../../static/js/share/snippets.js";

const PLACE = { home: "https://unrolled.example", lesson: "lecture-lstm", query: { t: "3", lang: "zh" }, fragment: "", title: 'The "cell" & more' };

/** @param {Partial<import("../../../static/js/share/snippets.js").Place>} [change] */
function texts(change) {
  return Object.fromEntries(snippets({ ...PLACE, ...change }).map(({ id, text }) => [id, text]));
}

test("every kind of host gets the lesson's address", () => {
  const { script, ...frames } = texts();
  for (const text of Object.values(frames)) assert.ok(text.includes("https://unrolled.example/embed/lecture-lstm?t=3&amp;lang=zh"), text);
  assert.ok(script.startsWith('<script src="https://unrolled.example/embed.js" data-lesson="lecture-lstm" data-t="3" data-lang="zh"'));
});

test("a title cannot leave its attribute", () => {
  for (const text of Object.values(texts())) assert.ok(text.includes('"The &quot;cell&quot; &amp; more"'), text);
});

test("a scene of one's own goes in the fragment", () => {
  const own = texts({ lesson: "", query: {}, fragment: "#1.abc" });
  assert.ok(own.html.includes('src="https://unrolled.example/embed#1.abc"'));
  assert.ok(own.script.includes('data-state="#1.abc"'));
});

test("Sphinx, MyST and Quarto get their ways of writing HTML", () => {
  const { sphinx, myst, quarto } = texts();
  assert.match(sphinx, /^\.\. raw:: html\n\n {3}<iframe .*<\/iframe>$/);
  assert.match(myst, /^```\{raw\} html\n<iframe .*<\/iframe>\n```$/);
  assert.match(quarto, /^```\{=html\}\n<iframe .*<\/iframe>\n```$/);
});

test("reveal.js loads the frame with its slide", () => {
  assert.match(texts().reveal, /<iframe data-src="[^"]+" title="[^"]+" width="100%" class="r-stretch"/);
});
