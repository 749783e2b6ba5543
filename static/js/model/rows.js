/**
 * The rows of the unrolled picture and of its table, top row first: outputs, each layer's states from
 * the highest to the lowest, inputs. A pure description of what stands where.
 */
import { fed, places, series } from "./trace.js";

/**
 * @typedef {import("./trace.js").Trace} Trace
 * @typedef {import("./trace.js").Wire} Wire
 * @typedef {import("./trace.js").Cell} Cell
 * @typedef {{trace: Trace | null, cursor: import("../state/model.js").Cursor, stage: import("./stages.js").Reached}} Moment
 * @typedef {{kind: "output" | "state" | "input", place: string | null, stack?: import("./trace.js").Stack, name: string, role: string,
 *            carried: boolean, values: (Wire[] | null)[], layer: number, direction: string,
 *            of?: (now: Moment, step: number) => Wire[] | null}} Row
 *   `of`: where the numbers change with the walk
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
 * @typedef {{trace: Trace, cells: Cell[], pass: "forward" | "backward", stack: import("./trace.js").Stack}} Drawn
 */

/**
 * @param {Drawn} drawn
 * @returns {Row[]}
 */
function stateRows({ trace, cells, pass, stack }) {
  return places(trace)
    .filter((each) => each.stack === stack)
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
 * What stands above the layers: the readout's outputs, and what attention gathered for them.
 * @param {Drawn} drawn
 * @returns {Row[]}
 */
function outputRows({ trace, pass, stack }) {
  if (stack === "encoder") return [];
  /** @type {Row} */
  const row = { kind: "output", place: "readout", name: "y", role: "hidden", carried: false, values: [], layer: -1, direction: "" };
  const outputs = trace.readout ? [{ ...row, values: series(trace, "readout", pass).y ?? [] }] : [];
  const attention = "decoder.attention";
  const gathered = trace.attention ? [{ ...row, place: attention, name: "context", role: "candidate", values: series(trace, attention, pass).context ?? [] }] : [];
  return [...outputs, ...gathered];
}

/**
 * @param {Trace} trace
 * @param {any} scene
 * @param {Cell[]} cells by layer
 * @param {"forward" | "backward"} pass
 * @param {import("./trace.js").Stack} [stack] of an encoder–decoder; its decoder where none is named
 * @returns {Row[]}
 */
export function rows(trace, scene, cells, pass, stack = trace.decoder ? "decoder" : "") {
  const drawn = { trace, cells, pass, stack };
  const gradients = stack === "decoder" ? trace.decoder_input_gradients : trace.input_gradients;
  const inputs = pass === "backward" ? (gradients ?? []) : fed(trace, scene, stack);
  return [
    ...outputRows(drawn),
    ...stateRows(drawn),
    { kind: "input", place: null, stack, name: "x", role: "plain", carried: false, values: inputs, layer: -1, direction: "" },
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
 * Which steps are drawn when not all of them fit: a window that holds the present one. It stands still
 * while the walk is in its middle, and then moves on by half its width.
 * @param {number} steps
 * @param {number | null} t
 * @param {number} room how many fit
 * @returns {{from: number, to: number}} to exclusive
 */
export function windowOf(steps, t, room) {
  if (steps <= room) return { from: 0, to: steps };
  const stride = Math.max(1, Math.floor(room / 2));
  const margin = Math.floor((room - stride) / 2);
  const moved = Math.max(0, Math.floor(((t ?? 0) - margin) / stride)) * stride;
  const from = Math.min(steps - room, moved);
  return { from, to: from + room };
}
