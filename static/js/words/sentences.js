/**
 * What a step did, in words computed from the state: for screen readers, and for steps no lesson speaks of.
 */
import { rounded, sized } from "../model/number.js";
import { series } from "../model/trace.js";

/**
 * @typedef {import("./translate.js").Translate} Translate
 * @typedef {import("../model/trace.js").Wire} Wire
 * @typedef {import("../model/trace.js").Trace} Trace
 * @typedef {import("../model/trace.js").Cell} Cell
 */

/**
 * @param {Wire[] | undefined} values
 * @param {Translate} t
 * @param {(value: unknown, words: string) => string} [format]
 */
export function list(values, t, format = rounded) {
  const undefinedText = t("not a number");
  const all = values ?? [];
  const shown = all.slice(0, 6).map((value) => format(value, undefinedText));
  const rest = all.length - shown.length;
  const text = shown.join(t(", "));
  return rest > 0 ? t("{list} and {count} more", { list: text, count: rest }) : text;
}

/**
 * The name people give a value: a gate by what it does, anything else by its symbol.
 * @param {string} name
 * @param {string} role
 * @param {Translate} t
 */
export function nameOf(name, role, t) {
  /** @type {Record<string, string>} */
  const known = {
    "f:forget": t("the forget gate"),
    "i:input": t("the input gate"),
    "o:output": t("the output gate"),
    "r:forget": t("the reset gate"),
    "u:input": t("the update gate"),
    "g:candidate": t("the candidate"),
    "n:candidate": t("the candidate"),
    "c:memory": t("the memory"),
  };
  if (name === "h") return t("the hidden value");
  if (name === "x") return t("the input");
  if (name === "y") return t("the output");
  return known[`${name}:${role}`] ?? name;
}

/**
 * @param {Cell} cell
 * @returns {{name: string, role: string}[]} the gates, in the order of the cell's text
 */
export function gates(cell) {
  const nodes = cell.graph?.nodes ?? [];
  return cell.equations
    .filter(({ name }) => nodes.some((/** @type {any} */ node) => node.name === name && node.kind === "gate"))
    .map(({ name, role }) => ({ name, role }));
}

/**
 * @param {Wire[]} values
 * @param {string} gate
 * @param {Translate} t
 */
function openness(values, gate, t) {
  const vars = { gate, value: list(values, t) };
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.every((value) => value > 0.9)) return t("{gate} is open, {value}", vars);
  if (numbers.every((value) => value < 0.1)) return t("{gate} is closed, {value}", vars);
  return t("{gate} lets part through, {value}", vars);
}

/**
 * @param {Wire[]} from
 * @param {Wire[]} to
 * @param {string} name
 * @param {Translate} t
 */
function change(from, to, name, t) {
  const vars = { name, from: list(from, t), to: list(to, t) };
  if (vars.from === vars.to) return t("{name} stays at {to}", vars);
  if (to.length !== 1 || typeof to[0] !== "number" || typeof from[0] !== "number") {
    return t("{name} goes from {from} to {to}", vars);
  }
  return to[0] > from[0]
    ? t("{name} rises from {from} to {to}", vars)
    : t("{name} falls from {from} to {to}", vars);
}

/**
 * @typedef {{values: Record<string, Wire[]> | null, previous: Record<string, Wire[]> | null,
 *            gradients: Record<string, Wire[]> | null}} Frame
 */

/**
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {Translate} t
 * @returns {string[]}
 */
function forwardClauses(frame, cell, t) {
  const { values, previous } = frame;
  if (!values || !previous) return [];
  const clauses = gates(cell).map(({ name, role }) => openness(values[name], nameOf(name, role, t), t));
  for (const name of cell.state) {
    if (name === cell.output && cell.state.length > 1) continue;
    const role = cell.equations.find((equation) => equation.name === name)?.role ?? "hidden";
    clauses.push(change(previous[name], values[name], nameOf(name, role, t), t));
  }
  return clauses;
}

/**
 * @param {Frame} frame
 * @param {Cell} cell
 * @param {Translate} t
 * @returns {string[]}
 */
function backwardClauses(frame, cell, t) {
  if (!frame.gradients) return [];
  const gradients = frame.gradients;
  return cell.state.map((name) => {
    const role = cell.equations.find((equation) => equation.name === name)?.role ?? "hidden";
    return t("the gradient of {name} is {value}", {
      name: nameOf(name, role, t),
      value: list(gradients[name], t, sized),
    });
  });
}

/**
 * One sentence for a step.
 * @param {{trace: Trace | null, scene: any, cell: Cell | undefined, frame: Frame, steps: number,
 *          cursor: import("../state/model.js").Cursor, t: Translate}} what
 * @returns {string}
 */
export function sentence({ trace, scene, cell, frame, steps, cursor, t }) {
  if (cursor.t === null) {
    return cursor.pass === "forward" ? t("Before the first step.") : t("Before the backward pass.");
  }
  if (!trace || !cell) return "";
  const forward = cursor.pass === "forward";
  const clauses = forward ? forwardClauses(frame, cell, t) : backwardClauses(frame, cell, t);
  if (forward) {
    clauses.unshift(t("the input is {value}", { value: list(scene.inputs?.[cursor.t], t) }));
    const output = trace.readout ? series(trace, "readout", "forward").y : trace.outputs;
    clauses.push(t("the output is {value}", { value: list(output?.[cursor.t], t) }));
  }
  return t("Step {t} of {steps}: {what}.", { t: cursor.t + 1, steps, what: clauses.join(t("; ")) });
}
