/**
 * What is said of one value: how far a gate is open, how a memory changes.
 */
import { ALL, list } from "./names.js";

/**
 * @typedef {import("./translate.js").Translate} Translate
 * @typedef {import("../model/trace.js").Wire} Wire
 * @typedef {import("../model/trace.js").Cell} Cell
 */

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
export function openness(values, gate, t) {
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
export function change(from, to, name, t) {
  const vars = { name, from: list(from, t), to: list(to, t) };
  if (to.length > ALL) return t("{name} is {value}", { name, value: vars.to });
  if (vars.from === vars.to) return t("{name} stays at {to}", vars);
  if (to.length !== 1 || typeof to[0] !== "number" || typeof from[0] !== "number") {
    return t("{name} goes from {from} to {to}", vars);
  }
  return to[0] > from[0]
    ? t("{name} rises from {from} to {to}", vars)
    : t("{name} falls from {from} to {to}", vars);
}
