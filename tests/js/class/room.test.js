import assert from "node:assert/strict";
import { test } from "node:test";
import { pause } from "../../../static/js/class/connection.js";
import { heard, joining, lost, returned, touched } from "../../../static/js/class/room.js";
import { given, patchOf } from "../../../static/js/class/shared.js";
import { createTeller } from "../../../static/js/class/teller.js";

const controls = { locked: false, blank: false, gather: 0 };
const at = (/** @type {number | null} */ t, scene = /** @type {any} */ ("lesson")) => ({ scene, cursor: { pass: "forward", t, node: null, stage: null }, view: {} });
const welcome = { type: "welcome", role: "viewer", rev: 5, state: at(1), controls, viewers: 3, viewer: "v", offline: false, poll: null };
const inClass = heard(joining(false), welcome);
const state = (/** @type {number} */ rev, more = {}) => ({ type: "state", rev, state: at(rev), controls, ...more });

test("A newcomer takes the lecturer's state.", () => {
  assert.equal(inClass.turn, 1);
  assert.equal(inClass.link, "here");
});

test("Whoever touches the page goes alone until they return.", () => {
  const alone = heard(touched(inClass), state(6));
  assert.equal(alone.turn, inClass.turn);
  assert.equal(alone.shared?.cursor.t, 6);
  assert.equal(returned(alone).turn, inClass.turn + 1);
});

test("A call to come back brings everybody, and is heard once.", () => {
  const called = heard(touched(inClass), state(6, { controls: { ...controls, gather: 1 } }));
  assert.equal(called.following, true);
  const again = heard(touched(called), state(7, { controls: { ...controls, gather: 1 } }));
  assert.equal(again.following, false);
});

test("Who is kept with the lecturer is brought back at every touch.", () => {
  const kept = heard(inClass, state(6, { controls: { ...controls, locked: true } }));
  assert.equal(touched(kept).following, true);
  assert.equal(touched(kept).turn, kept.turn + 1);
});

test("Steps taken while the class is not reached detach nobody.", () => {
  const away = touched(lost(inClass, 1006));
  assert.equal(away.following, true);
  assert.equal(heard(away, { ...welcome, rev: 9 }).turn, inClass.turn + 1);
});

test("Who had detached before a break stays detached after it.", () => {
  const back = heard(lost(touched(inClass), 1006), welcome);
  assert.equal(back.following, false);
});

test("A state older than the one there is changes nothing.", () => {
  assert.equal(heard(inClass, state(4)), inClass);
});

test("A vote stays when its poll is locked and revealed, and not with the next one.", () => {
  const poll = { id: 1, question: "?", choices: ["a", "b"], address: null, t: null };
  const voted = heard(heard(inClass, { type: "poll", ...poll }), { type: "poll.voted", id: 1, value: 1 });
  assert.equal(heard(voted, { type: "poll.locked", ...poll }).poll?.vote, 1);
  assert.equal(heard(voted, { type: "poll", ...poll, id: 2 }).poll?.vote, null);
});

test("A room that has ended is over, whatever closes after it.", () => {
  assert.equal(lost(heard(inClass, { type: "end" }), 1006).over, 4410);
});

test("A message of a kind that is not known changes nothing.", () => {
  assert.equal(heard(inClass, { type: "toString" }), inClass);
});

test("A change is told as a patch; a scene goes whole, what is gone becomes null.", () => {
  const before = { scene: "a", cursor: { pass: "forward", t: 1 }, view: { from: "a", chart: { kind: "x", log: true } } };
  const after = { scene: { inputs: [[1]] }, cursor: { pass: "forward", t: null }, view: { chart: { kind: "x" } } };
  assert.deepEqual(patchOf(before, after), { scene: { inputs: [[1]] }, cursor: { t: null }, view: { from: null, chart: { log: null } } });
  assert.equal(patchOf(before, before), null);
});

test("A reader's language, light and predictions are not the class's.", () => {
  assert.deepEqual(given({ scene: "a", cursor: { pass: "forward", t: 0 }, view: { lang: "zh", theme: "dark", guesses: {}, place: "p" } }), {
    scene: "a", cursor: { pass: "forward", t: 0, node: null, stage: null }, view: { place: "p" },
  });
});

test("While a weight is dragged two scenes a second are told, and the last always.", () => {
  let clock = 0;
  /** @type {{due: number, work: () => void}[]} */
  const waiting = [];
  /** @type {any[]} */
  const told = [];
  const teller = createTeller({ send: (patch) => told.push({ clock, ...patch }), now: () => clock, later: (work, ms) => waiting.push({ due: clock + ms, work }) });
  teller.has(at(0));
  for (let weight = 0; weight < 100; weight += 1) {
    clock = weight * 16;
    for (const each of waiting.splice(0)) each.due <= clock ? each.work() : waiting.push(each);
    teller.tell(at(0, { weight }));
  }
  clock = 5000;
  for (const each of waiting.splice(0)) each.work();
  assert.equal(told.at(-1).scene.weight, 99);
  assert.ok(told.length <= 5);
  assert.ok(told.slice(1).every((each, index) => each.clock - told[index].clock >= 500));
});

test("What was not reached is told once it is.", () => {
  /** @type {any[]} */
  const told = [];
  const teller = createTeller({ send: (patch) => told.push(patch), now: () => 0, later: () => {} });
  teller.has(null);
  teller.tell(at(4));
  assert.equal(told.length, 0);
  teller.has(at(2));
  assert.deepEqual(told, [{ cursor: { t: 4 } }]);
});

test("Clients come back a little later each time, not all at once, and never much later.", () => {
  assert.ok(pause(0, () => 1) <= 250);
  assert.ok(pause(2, () => 0) >= pause(0, () => 1));
  assert.ok(pause(50, () => 1) <= 2000);
  assert.notEqual(pause(3, () => 0), pause(3, () => 1));
});
