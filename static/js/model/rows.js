/**
 * The rows of the unrolled picture and of its table, top row first: outputs, each layer's states from
 * the highest to the lowest, inputs. A pure description of what stands where.
 */
import { places, series } from "./trace.js";

/**
 * @typedef {import("./trace.js").Trace} Trace
 * @typedef {import("./trace.js").Wire} Wire
 * @typedef {import("./trace.js").Cell} Cell
 * @typedef {{kind: "output" | "state" | "input", place: string | null, name: string, role: string,
 *            carried: boolean, values: (Wire[] | null)[], layer: number, direction: string}} Row
 */

/**
 * @param {Cell | undefined} cell
 * @param {string} name
 */
function roleOf(cell, name) {
  return cell?.equations.find((equation) => equation.name === name)?.role ?? "hidden";
}

/**
 * The states a layer carries, its memory last (lowest, nearest the input); its output where it has none.
 * @param {Cell | undefined} cell
 */
function shown(cell) {
  const states = cell?.state ?? [];
  return states.length > 0 ? states : [cell?.output ?? "h"];
}

/**
 * @param {Trace} trace
 * @param {Cell[]} cells by layer
 * @param {"forward" | "backward"} pass
 * @returns {Row[]}
 */
function stateRows(trace, cells, pass) {
  return places(trace)
    .reverse()
    .flatMap(({ place, layer, direction }) => {
      const cell = cells[layer];
      const all = series(trace, place, pass);
      return shown(cell).map((name) => ({
        kind: /** @type {"state"} */ ("state"),
        place,
        name,
        role: roleOf(cell, name),
        carried: cell?.state.includes(name) ?? false,
        values: all[name] ?? [],
        layer,
        direction,
      }));
    });
}

/**
 * @param {Trace} trace
 * @param {"forward" | "backward"} pass
 * @returns {Row[]}
 */
function outputRows(trace, pass) {
  if (!trace.readout) return [];
  const values = series(trace, "readout", pass).y ?? [];
  return [
    { kind: "output", place: "readout", name: "y", role: "hidden", carried: false, values, layer: -1, direction: "" },
  ];
}

/**
 * @param {Trace} trace
 * @param {any} scene
 * @param {Cell[]} cells by layer
 * @param {"forward" | "backward"} pass
 * @returns {Row[]}
 */
export function rows(trace, scene, cells, pass) {
  const inputs = pass === "backward" ? (trace.input_gradients ?? []) : (scene.inputs ?? []);
  return [
    ...outputRows(trace, pass),
    ...stateRows(trace, cells, pass),
    { kind: "input", place: null, name: "x", role: "plain", carried: false, values: inputs, layer: -1, direction: "" },
  ];
}

/**
 * A long vector drawn in few cells: of each stretch of entries the one furthest from zero.
 * @param {Wire[]} values
 * @param {number} cells
 * @returns {Wire[]}
 */
export function condensed(values, cells) {
  if (values.length <= cells) return values;
  const size = (/** @type {Wire} */ value) => (typeof value === "number" ? Math.abs(value) : Infinity);
  return Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [cell, cell + 1].map((at) => Math.floor((at * values.length) / cells));
    return values.slice(from, to).reduce((most, value) => (size(value) > size(most) ? value : most));
  });
}

/**
 * Which steps are drawn when not all of them fit: a window that holds the present one.
 * @param {number} steps
 * @param {number | null} t
 * @param {number} room how many fit
 * @returns {{from: number, to: number}} to exclusive
 */
export function windowOf(steps, t, room) {
  if (steps <= room) return { from: 0, to: steps };
  const from = Math.max(0, Math.min(steps - room, (t ?? 0) - Math.floor(room / 2)));
  return { from, to: from + room };
}
