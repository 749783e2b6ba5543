/**
 * The walk through a sequence: forward or back, by whole steps, by equations or by single operations.
 */
import { operationsOf } from "../model/operations.js";
import { progress, stageAt, stagesOf } from "../model/stages.js";
import { series } from "../model/trace.js";
import { drawn } from "../state/drawn.js";
import { LEVELS, parts, stageParts, within } from "../state/model.js";
import { viewFor } from "./restoring.js";

/** Time to read, in milliseconds, before play goes on. @type {Record<string, number>} */
const PAUSES = { step: 1600, equation: 1400, operation: 1000 };

/**
 * @typedef {import("./index.js").World} World
 * @typedef {{t: number | null, index: number, part: number | null}} Spot
 */

/** @param {World} world */
export function createWalk({ state, session, scenes, net }) {
  const level = () => /** @type {import("../state/model.js").Level} */ (state.get().view.level ?? "step");

  const walk = () => {
    const { cursor } = state.get();
    const { shown, trace, steps } = drawn(state.get(), session.get(), scenes);
    const stages = stagesOf({ trace, cells: shown.cells, readoutCell: shown.readout }, cursor.pass, level());
    const part = level() === "operation" && stages.length > 0 ? (stageParts(cursor.stage)?.part ?? null) : null;
    return { cursor, shown, trace, steps, stages, part, here: progress(stages, cursor, steps), end: steps * Math.max(1, stages.length) };
  };

  /** The value whose arithmetic is shown at a stage, of the unit the reader looks at. @param {string} at */
  const numberAt = (at) => {
    const { trace, cursor } = walk();
    const { place, name } = parts(at);
    const units = (trace && series(trace, place, "forward")[name]?.[0]?.length) || 1;
    const unit = cursor.node === null ? 0 : (parts(cursor.node).unit ?? 0);
    return `${at}[${unit < units ? unit : 0}]`;
  };

  /** @param {Spot} spot */
  const stand = ({ t, index, part }) => {
    const current = state.get();
    const { stages } = walk();
    const at = stages[index]?.at ?? null;
    const whole = at === null || (index === stages.length - 1 && part === null);
    const stage = whole ? null : part === null ? at : `${at}:${part}`;
    const node = stages.length === 0 ? current.cursor.node : at && numberAt(at);
    const view = stages.length === 0 ? current.view : viewFor(current.view, node);
    state.set(within({ ...current, cursor: { ...current.cursor, t, stage, node }, view }, current, scenes));
  };

  /** @param {number} place in stages */
  const toPosition = (place) => {
    const { stages, steps, cursor } = walk();
    stand({ ...stageAt(stages, place, { pass: cursor.pass, steps }), part: null });
  };

  /**
   * How many operations a stage has, 1 where the server does not say.
   * @param {{t: number | null, index: number}} spot
   */
  const count = async ({ t, index }) => {
    const { stages, shown, cursor } = walk();
    const request = { scene: shown.scene, address: numberAt(stages[index].at), t, pass: cursor.pass };
    const asked = () => net.explain(request, new AbortController().signal);
    const document = await asked().catch(asked).catch(() => null);
    return document ? operationsOf(document).length : 1;
  };

  /** One operation on; not if the reader has gone elsewhere while the server counted. */
  const onward = async () => {
    const before = state.get();
    const { stages, steps, cursor, here, end, part } = walk();
    const place = part === null ? here + 1 : here;
    if (place > end) return;
    const spot = stageAt(stages, place, { pass: cursor.pass, steps });
    const done = (part ?? 0) + 1;
    const all = await count(spot);
    if (state.get() === before) stand({ ...spot, part: done < all ? done : null });
  };

  /** One operation back. */
  const backward = async () => {
    const before = state.get();
    const { stages, steps, cursor, here, part } = walk();
    const spot = stageAt(stages, here, { pass: cursor.pass, steps });
    if (spot.t === null) return;
    const left = (part ?? (await count(spot))) - 1;
    if (state.get() !== before) return;
    if (left > 0) stand({ ...spot, part: left });
    else toPosition(here - 1);
  };

  // Operations are counted by the server: a press waits for the one before it.
  let last = Promise.resolve();
  /** @param {() => Promise<void>} move */
  const inTurn = (move) => void (last = last.then(move));
  const byOperation = () => level() === "operation" && walk().stages.length > 0;

  /** @param {string} chosen the step that is under way is finished */
  const setLevel = (chosen) => {
    const current = state.get();
    const cursor = { ...current.cursor, stage: null, node: null };
    state.set(within({ ...current, cursor, view: { ...current.view, level: chosen } }, current, scenes));
  };
  /** @param {Record<string, any>} change */
  const view = (change) => state.set({ ...state.get(), view: { ...state.get().view, ...change } });

  return {
    toPosition,
    atEnd: () => {
      const { here, end, part } = walk();
      return here >= end && part === null;
    },
    next: () => (byOperation() ? inTurn(onward) : toPosition(walk().here + 1)),
    back: () => (byOperation() ? inTurn(backward) : toPosition(walk().here - 1)),
    first: () => toPosition(0),
    last: () => toPosition(walk().end),
    setLevel,
    nextLevel: () => setLevel(LEVELS[(LEVELS.indexOf(level()) + 1) % LEVELS.length]),
    setSpeed: (/** @type {number} */ speed) => view({ speed }),
    setLoop: (/** @type {boolean} */ loop) => view({ loop }),
    pause: () => (PAUSES[level()] ?? PAUSES.step) / (state.get().view.speed || 1),
  };
}
