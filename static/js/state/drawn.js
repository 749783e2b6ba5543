/**
 * What is on the page now: the scene whose trace came last. While a new trace is on its way, or
 * cannot be had because an edit is not yet a network that runs, the last picture stays.
 */
import { originOf } from "./model.js";
import { structureOf } from "./scenes.js";

/**
 * @typedef {import("./scenes.js").Resolved} Resolved
 */

/** @type {WeakMap<Resolved, string>} */
const structures = new WeakMap();

/** @param {Resolved} resolved */
function structure(resolved) {
  const known = structures.get(resolved) ?? structureOf(resolved);
  structures.set(resolved, known);
  return known;
}

/**
 * `key` changes when a picture must be built anew, and not when only numbers change.
 * @param {import("./model.js").State} state
 * @param {import("./session.js").Session} session
 * @param {import("./scenes.js").Scenes} scenes
 */
export function drawn(state, { held }, scenes) {
  const origin = originOf(state, scenes.lesson);
  const last = held?.origin === origin ? held : null;
  const shown = last?.scene ?? scenes.resolve(state.scene) ?? scenes.resolve(origin) ?? scenes.first();
  const trace = last?.trace ?? null;
  const beginning = scenes.resolve(origin);
  const same = beginning === null || beginning === shown || structure(beginning) === structure(shown);
  const steps = trace?.steps ?? shown.steps;
  const key = same ? origin : `${origin} ${structure(shown)}`;
  return { origin, key, shown, trace, steps };
}
