/**
 * A vector as signed colour cells: the hue says the sign, its strength the size, and the number is
 * printed with its sign.
 */
import { h } from "../dom.js";
import { rounded, scale } from "../model/number.js";
import { condensed } from "../model/rows.js";

/** @typedef {import("../model/trace.js").Wire} Wire */

const PRINTED = 8;
const CELLS = 48;

/**
 * @param {HTMLElement} cell
 * @param {unknown} value
 * @param {number} top
 */
export function paint(cell, value, top) {
  const { sign, share } = scale(value, top);
  cell.dataset.sign = sign;
  cell.style.setProperty("--share", share.toFixed(3));
}

/**
 * @param {number} units
 * @returns {HTMLElement}
 */
export function vector(units) {
  const cells = Array.from({ length: Math.min(units, CELLS) }, () => h("span", { class: "cell" }));
  return h("span", { class: units > PRINTED ? "vector dense" : "vector" }, ...cells);
}

/**
 * @param {HTMLElement} element made by `vector`
 * @param {Wire[] | null} values null where they are not known yet
 * @param {{top: number, words: string, format?: (value: unknown, words: string) => string}} how
 */
export function fill(element, values, { top, words, format = rounded }) {
  const cells = /** @type {HTMLElement[]} */ ([...element.children]);
  const drawn = values && condensed(values, CELLS);
  cells.forEach((cell, unit) => {
    const value = drawn?.[unit];
    paint(cell, value === undefined ? 0 : value, top);
    const text = values === null || value === undefined ? "?" : format(value, words);
    if (cells.length <= PRINTED && cell.textContent !== text) cell.textContent = text;
  });
}
