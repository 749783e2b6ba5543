/**
 * A value's symbol as the reader's book writes it, from the cell's description.
 */
import { h, math } from "../dom.js";

/** @typedef {import("../model/trace.js").Cell} Cell */

/**
 * @param {Cell | undefined} cell
 * @param {string} name
 * @param {string} notation
 * @returns {{mathml?: string, text?: string} | null}
 */
export function symbolIn(cell, name, notation) {
  return cell?.symbols?.[notation]?.[name] ?? cell?.symbols?.lee?.[name] ?? null;
}

/**
 * @param {Cell[]} cells searched in order
 * @param {string} name
 * @param {string} notation
 * @returns {Element}
 */
export function symbol(cells, name, notation) {
  for (const cell of cells) {
    const found = symbolIn(cell, name, notation);
    if (found?.mathml) return math(found.mathml);
    if (found?.text) return h("i", null, found.text);
  }
  return math(`<math><mi>${name.replace(/[^A-Za-z0-9_]/g, "")}</mi></math>`);
}
