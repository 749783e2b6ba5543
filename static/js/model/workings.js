/**
 * Which numbers of a step show their arithmetic in place, beside their equation: those of one unit, in
 * networks small enough for a line to hold it.
 */
import { parts } from "../state/model.js";

/**
 * @typedef {{cell: import("./trace.js").Cell | undefined, readoutCell: import("./trace.js").Cell | null, place: string,
 *            cursor: import("../state/model.js").Cursor, frame: {values: Record<string, unknown[]> | null},
 *            readout: Record<string, unknown[]> | null}} Step
 */

const ENTRIES = 8;

/**
 * The unit a line speaks of: the one that is chosen, or the first.
 * @param {string} address without a unit
 * @param {string | null} node
 */
export function unitOf(address, node) {
  if (node === null) return 0;
  const { place, name, unit } = parts(node);
  return `${place}.${name}` === address ? (unit ?? 0) : 0;
}

/**
 * What is made of its pre-activation alone has nothing to add to the line above, going forward.
 * @param {import("./trace.js").Cell | null | undefined} cell
 * @param {Record<string, unknown[]> | null} values
 * @param {{place: string, pass: string}} about
 */
function addresses(cell, values, { place, pass }) {
  const names = (cell?.equations ?? []).map(({ name }) => name);
  const small = values !== null && Object.values(values).every((each) => each.length <= ENTRIES);
  if (!small) return [];
  const activated = (/** @type {string} */ name) => names.includes(`z_${name}`) || (name === "y" && names.includes("z"));
  return names.filter((name) => pass === "backward" || !activated(name)).map((name) => `${place}.${name}`);
}

/**
 * @param {Step} step
 * @returns {string[]} addresses with their units
 */
export function workedAt({ cell, readoutCell, place, cursor, frame, readout }) {
  const { t, pass } = cursor;
  if (t === null) return [];
  const all = [...addresses(cell, frame.values, { place, pass }), ...addresses(readoutCell, readout, { place: "readout", pass })];
  return all.map((address) => `${address}[${unitOf(address, cursor.node)}]`);
}

/**
 * The key an arithmetic is kept under.
 * @param {string} scene
 * @param {import("../state/model.js").Cursor} cursor
 * @param {string} address
 */
export function workingKey(scene, { t, pass }, address) {
  return `${scene} ${pass} ${t} ${address}`;
}
