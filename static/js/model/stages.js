/**
 * The stages of one step: which value comes after which, when a step is walked equation by equation or
 * operation by operation. A value comes after all it is made of; going backward a gradient comes after
 * all it is made of, which is the same order turned round.
 */
import { stageParts } from "../state/model.js";
import { position, stepAt } from "../state/walk.js";
import { places } from "./trace.js";

/**
 * @typedef {import("./trace.js").Trace} Trace
 * @typedef {import("./trace.js").Cell} Cell
 * @typedef {import("../state/model.js").Level} Level
 * @typedef {import("../state/model.js").Cursor} Cursor
 * @typedef {{at: string, reaches: string[]}} Stage `at`: the address whose arithmetic is shown, the last
 *   that is reached
 * @typedef {{trace: Trace | null, cells: Cell[], readoutCell: Cell | null}} Network
 * @typedef {{level: Level, index: number, count: number, at: string | null, part: number | null,
 *            current: string[], reached: Set<string> | null}} Reached
 *   `current`: the addresses of the present stage; `reached`: all that are known, null where the whole step is
 */

/**
 * @param {Network} network
 * @returns {{place: string, cell: Cell}[]} in the order in which they are computed
 */
function computed({ trace, cells, readoutCell }) {
  if (!trace) return [];
  const layers = places(trace).filter(({ stack }) => stack !== "encoder").map(({ place, layer }) => ({ place, cell: cells[layer] }));
  const all = trace.readout && readoutCell ? [...layers, { place: "readout", cell: readoutCell }] : layers;
  return all.filter(({ cell }) => cell);
}

/** Attention, where there is any, looks around before the readout speaks. */
const ATTENTION = ["scores", "alpha", "context"].map((name) => `decoder.attention.${name}`);

/**
 * A pre-activation makes one stage with the value it is made into, when that follows at once.
 * @param {string[]} names in order of evaluation
 * @returns {string[][]}
 */
export function together(names) {
  /** @type {string[][]} */
  const found = [];
  for (const name of names) {
    const last = found.at(-1);
    if (last?.at(-1) === `z_${name}` || (name === "y" && last?.at(-1) === "z")) last.push(name);
    else found.push([name]);
  }
  return found;
}

/**
 * @param {Network} network
 * @param {"forward" | "backward"} pass
 * @param {Level} level
 * @returns {Stage[]} none where a step is one whole
 */
function make(network, pass, level) {
  if (level === "step") return [];
  const groups = computed(network).flatMap(({ place, cell }) => {
    const names = cell.evaluation ?? cell.equations.map((/** @type {{name: string}} */ { name }) => name);
    const grouped = level === "equation" ? together(names) : names.map((name) => [name]);
    const own = grouped.map((group) => group.map((name) => `${place}.${name}`));
    return place === "readout" && network.trace?.attention ? [ATTENTION, ...own] : own;
  });
  const walked = pass === "forward" ? groups : groups.map((group) => [...group].reverse()).reverse();
  return walked.map((reaches) => ({ at: /** @type {string} */ (reaches.at(-1)), reaches }));
}

/** @type {WeakMap<Trace, {cells: Cell[], made: Record<string, Stage[]>}>} */
const kept = new WeakMap();

/**
 * @param {Network} network
 * @param {"forward" | "backward"} pass
 * @param {Level} level
 * @returns {Stage[]}
 */
export function stagesOf(network, pass, level) {
  if (!network.trace) return [];
  const known = kept.get(network.trace);
  const made = known?.cells === network.cells ? known.made : {};
  kept.set(network.trace, { cells: network.cells, made });
  return (made[`${pass} ${level}`] ??= make(network, pass, level));
}

/**
 * Which stage a cursor stands at: the last where the whole step is done, -1 before the first step.
 * @param {Stage[]} stages
 * @param {Cursor} cursor
 */
export function indexOf(stages, { t, stage }) {
  if (t === null) return -1;
  const at = stageParts(stage)?.at;
  const found = at ? stages.findIndex(({ reaches }) => reaches.includes(at)) : -1;
  return found === -1 ? stages.length - 1 : found;
}

/**
 * How far the walk has come in stages: 0 before the first step.
 * @param {Stage[]} stages
 * @param {Cursor} cursor
 * @param {number} steps
 */
export function progress(stages, cursor, steps) {
  const done = position(cursor, steps);
  const count = Math.max(1, stages.length);
  return done === 0 ? 0 : (done - 1) * count + (stages.length ? indexOf(stages, cursor) + 1 : 1);
}

/**
 * Where so many stages lead: the step, and the stage of it, -1 before the first.
 * @param {Stage[]} stages
 * @param {number} place beyond is clamped
 * @param {{pass: "forward" | "backward", steps: number}} walk
 * @returns {{t: number | null, index: number}}
 */
export function stageAt(stages, place, { pass, steps }) {
  const count = Math.max(1, stages.length);
  const bounded = Math.max(0, Math.min(steps * count, Math.trunc(place)));
  if (bounded === 0) return { t: null, index: -1 };
  return { t: stepAt(Math.ceil(bounded / count), pass, steps), index: (bounded - 1) % count };
}

/** @type {WeakMap<Stage[], Map<string, Reached>>} the same place gives the same object: views compare them */
const seen = new WeakMap();

/**
 * @param {Stage[]} stages
 * @param {Cursor} cursor
 * @param {Level} level
 * @returns {Reached}
 */
export function reachedAt(stages, cursor, level) {
  const index = indexOf(stages, cursor);
  const part = level === "operation" ? (stageParts(cursor.stage)?.part ?? null) : null;
  const known = seen.get(stages) ?? new Map();
  seen.set(stages, known);
  const key = `${index} ${part}`;
  if (!known.has(key)) known.set(key, reach(stages, index, { part, level }));
  return known.get(key);
}

/**
 * @param {Stage[]} stages
 * @param {number} index
 * @param {{part: number | null, level: Level}} how
 * @returns {Reached}
 */
function reach(stages, index, { part, level }) {
  const stage = stages[index];
  const about = { level, index, count: stages.length, part, at: stage?.at ?? null, current: stage?.reaches ?? [] };
  if (!stage || (index === stages.length - 1 && part === null)) return { ...about, reached: null };
  const done = stages.slice(0, part === null ? index + 1 : index).flatMap(({ reaches }) => reaches);
  return { ...about, reached: new Set(done) };
}

/**
 * Whether a value is there to see at this stage; an encoder has run when the walk begins.
 * @param {Reached} stage
 * @param {string} address
 */
export function isReached({ reached }, address) {
  return reached === null || reached.has(address) || address.startsWith("encoder.");
}

/**
 * The numbers of a cell as far as they are reached.
 * @template {{values: Record<string, any> | null, gradients: Record<string, any> | null}} F
 * @param {F} frame
 * @param {Reached} stage
 * @param {{place: string, pass: "forward" | "backward"}} about
 * @returns {F}
 */
export function framed(frame, stage, { place, pass }) {
  const name = pass === "forward" ? "values" : "gradients";
  const whole = frame[name];
  if (stage.reached === null || !whole) return frame;
  const known = Object.entries(whole).filter(([value]) =>
    value === "x" ? pass === "forward" && fed(stage, place) : isReached(stage, `${place}.${value}`),
  );
  return { ...frame, [name]: Object.fromEntries(known) };
}

/**
 * Whether what comes from below has come: layers are walked upward, the readout last.
 * @param {Reached} stage
 * @param {string} place
 */
function fed({ at }, place) {
  const depth = (/** @type {string} */ address) => Number(/layers\.(\d+)/.exec(address)?.[1] ?? Infinity);
  return at === null || depth(at) >= depth(place);
}

/**
 * @param {Reached} stage
 * @param {string} address
 * @returns {"present" | "reached" | "ahead"}
 */
export function standingOf(stage, address) {
  if (stage.current.includes(address)) return "present";
  return isReached(stage, address) ? "reached" : "ahead";
}
