import assert from "node:assert/strict";
import { test } from "node:test";
import { remembering } from "../../../static/js/actions/remembering.js";

const scene = {};
const { signal } = new AbortController();

/** A server that notes what it is asked. */
function server() {
  /** @type {any[]} */
  const asked = [];
  const explain = remembering(async (request) => {
    asked.push(request);
    if (request.address === "nothing") throw new Error("422");
    const one = (/** @type {string} */ address) => ({ text: `${address} at ${request.t}` });
    return request.addresses ? { explanations: request.addresses.map(one) } : one(request.address);
  });
  return { asked, explain };
}

test("several numbers come with one request, in their order", async () => {
  const { asked, explain } = server();
  const found = await explain({ scene, addresses: ["f[0]", "c[0]"], t: 2, pass: "forward" }, signal);
  assert.deepEqual(found.explanations, [{ text: "f[0] at 2" }, { text: "c[0] at 2" }]);
  assert.equal(asked.length, 1);
});

test("what is known is not asked again, neither alone nor among others", async () => {
  const { asked, explain } = server();
  await explain({ scene, addresses: ["f[0]", "c[0]"], t: 2, pass: "forward" }, signal);
  assert.deepEqual(await explain({ scene, address: "c[0]", t: 2, pass: "forward" }, signal), { text: "c[0] at 2" });
  const more = await explain({ scene, addresses: ["c[0]", "h[0]"], t: 2, pass: "forward" }, signal);
  assert.deepEqual(more.explanations[1], { text: "h[0] at 2" });
  assert.deepEqual(asked.slice(1), [{ scene, address: "h[0]", t: 2, pass: "forward" }]);
});

test("another step, pass or scene is another number", async () => {
  const { asked, explain } = server();
  await explain({ scene, address: "c[0]", t: 1, pass: "forward" }, signal);
  await explain({ scene, address: "c[0]", t: 2, pass: "forward" }, signal);
  await explain({ scene, address: "c[0]", t: 1, pass: "backward" }, signal);
  await explain({ scene: {}, address: "c[0]", t: 1, pass: "forward" }, signal);
  assert.equal(asked.length, 4);
});

test("a refusal is told and not kept", async () => {
  const { asked, explain } = server();
  const request = { scene, address: "nothing", t: 1, pass: "forward" };
  await assert.rejects(explain(request, signal));
  await assert.rejects(explain(request, signal));
  assert.equal(asked.length, 2);
});
