/**
 * What a step did, in words computed from the state: for screen readers, and for steps no lesson speaks of.
 */
import { rounded, sized } from "../model/number.js";
import { fed, frame as frameOf, places, series } from "../model/trace.js";
import { change, gates, openness } from "./clauses.js";
import { list, nameOf, roleOf, whereOf } from "./names.js";
import { stageSentence } from "./stages.js";

/**
 * @typedef {import("./translate.js").Translate} Translate
 * @typedef {import("../model/trace.js").Wire} Wire
 * @typedef {import("../model/trace.js").Trace} Trace
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {{values: Record<string, Wire[]> | null, previous: Record<string, Wire[]> | null,
 *            gradients: Record<string, Wire[]> | null}} Frame
 * @typedef {{trace: Trace | null, scene: any, cells: Cell[], readoutCell: Cell | null, place: string, steps: number,
 *            cursor: import("../state/model.js").Cursor, stage: import("../model/stages.js").Reached,
 *            explanation?: any, t: Translate}} What
 */

const PLACES = 4;

/**
 * Where several places have something to say, each is brief: what it remembers, not its gates.
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {{t: Translate, brief: boolean}} how
 * @returns {string[]}
 */
function forwardClauses({ values, previous }, cell, { t, brief }) {
  if (!values || !previous) return [];
  const clauses = (brief ? [] : gates(cell)).map(({ name, role }) => openness(values[name], nameOf(name, role, t), t));
  for (const name of cell.state) {
    if (name === cell.output && cell.state.length > 1) continue;
    clauses.push(change(previous[name], values[name], nameOf(name, roleOf(cell, name), t), t));
  }
  return clauses;
}

/**
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {Translate} t
 * @returns {string[]}
 */
function backwardClauses({ gradients }, cell, t) {
  if (!gradients) return [];
  return cell.state.map((name) =>
    t("the gradient of {name} is {value}", { name: nameOf(name, roleOf(cell, name), t), value: list(gradients[name], t, sized) }),
  );
}

/**
 * The clauses of every place of the network, or where there are many, of the one in view.
 * @param {What & {trace: Trace}} what
 * @returns {string[]}
 */
function placed({ trace, scene, cells, place, cursor, t }) {
  const all = places(trace).filter(({ stack }) => stack !== "encoder");
  const spoken = all.length <= PLACES ? all : all.filter((each) => each.place === place);
  const ordered = cursor.pass === "backward" ? [...spoken].reverse() : spoken;
  return ordered.flatMap((each) => {
    const cell = cells[each.layer];
    if (!cell) return [];
    const frame = frameOf({ trace, scene, cells, place: each.place, cursor });
    const clauses = cursor.pass === "forward" ? forwardClauses(frame, cell, { t, brief: spoken.length > 1 }) : backwardClauses(frame, cell, t);
    const where = whereOf(trace, each.place, t);
    return where === "" || clauses.length === 0 ? clauses : [t("{where}: {what}", { where, what: clauses.join(t(", ")) })];
  });
}

/**
 * Where an attending decoder looks most.
 * @param {Trace} trace
 * @param {number} step
 * @param {Translate} t
 * @returns {string[]}
 */
function attended({ attention }, step, t) {
  const row = attention?.alpha[step] ?? [];
  const numbers = row.map((value) => (typeof value === "number" ? value : 0));
  if (numbers.length === 0) return [];
  const most = numbers.indexOf(Math.max(...numbers));
  return [t("it attends most to input {k}, {value}", { k: most + 1, value: rounded(row[most]) })];
}

/**
 * One sentence for a step, or for the stage of it that is reached.
 * @param {What} what
 * @returns {string}
 */
export function sentence(what) {
  const { trace, scene, cursor, steps, stage, t } = what;
  if (cursor.t === null) {
    return cursor.pass === "forward" ? t("Before the first step.") : t("Before the backward pass.");
  }
  if (!trace) return "";
  if (stage.reached !== null) return stageSentence({ ...what, trace });
  const clauses = placed({ ...what, trace });
  if (cursor.pass === "forward") {
    const stack = trace.decoder ? "decoder" : "";
    clauses.unshift(t("the input is {value}", { value: list(fed(trace, scene, stack)[scene.network?.shape === "one-to-many" ? 0 : cursor.t], t, rounded) }));
    clauses.push(...attended(trace, cursor.t, t));
    const output = trace.readout ? series(trace, "readout", "forward").y : trace.outputs;
    clauses.push(t("the output is {value}", { value: list(output?.[cursor.t], t) }));
  }
  return t("Step {t} of {steps}: {what}.", { t: cursor.t + 1, steps, what: clauses.join(t("; ")) });
}
