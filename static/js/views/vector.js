/**
 * A vector as signed colour cells: the hue says the sign, its strength the size, and the number is
 * printed with its sign. A wide one is a band of colours without numbers.
 */
import { h } from "../dom.js";
import { rounded, scale } from "../model/number.js";
import { condensed } from "../model/rows.js";

/** @typedef {import("../model/trace.js").Wire} Wire */

/** So many numbers are printed; a wider vector has none. */
export const PRINTED = 8;
const BANDS = 32;

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
 * @param {unknown} value
 * @param {number} top
 */
function shade(value, top) {
  const { sign, share } = scale(value, top);
  if (sign === "undefined") return "var(--line)";
  if (sign === "zero") return "var(--panel)";
  return `color-mix(in oklab, var(--sign-${sign}) calc(${share.toFixed(2)} * var(--sign-most)), var(--panel))`;
}

/**
 * Bands of colour side by side, as a background that follows the theme.
 * @param {Wire[]} values
 * @param {number} top
 * @param {"to right" | "to bottom"} way
 */
export function shades(values, top, way) {
  const at = (/** @type {number} */ index) => `${((index / values.length) * 100).toFixed(2)}%`;
  return `linear-gradient(${way}, ${values.map((value, index) => `${shade(value, top)} ${at(index)} ${at(index + 1)}`).join(", ")})`;
}

/**
 * @param {number} units
 * @param {number} [room] cells there is room for
 * @returns {HTMLElement}
 */
export function vector(units, room = PRINTED) {
  const lying = room === 1 ? " lying" : "";
  if (units > Math.min(room, PRINTED)) return h("span", { class: `vector dense${lying}` }, h("span", { class: "bands" }));
  return h("span", { class: "vector" }, ...Array.from({ length: units }, () => h("span", { class: "cell" })));
}

/** @type {WeakMap<HTMLElement, {values: Wire[] | null, top: number}>} what was filled in last */
const filled = new WeakMap();

/**
 * @param {HTMLElement} element made by `vector`
 * @param {Wire[] | null} values null where they are not known yet
 * @param {{top: number, words: string, format?: (value: unknown, words: string) => string}} how
 */
export function fill(element, values, { top, words, format = rounded }) {
  const before = filled.get(element);
  if (before && before.values === values && before.top === top) return;
  filled.set(element, { values, top });
  if (element.classList.contains("dense")) {
    const bands = /** @type {HTMLElement} */ (element.firstElementChild);
    bands.style.backgroundImage = values ? shades(condensed(values, BANDS), top, element.classList.contains("lying") ? "to right" : "to bottom") : "none";
    return;
  }
  [.../** @type {any} */ (element.children)].forEach((cell, unit) => {
    const value = values?.[unit];
    paint(cell, value === undefined ? 0 : value, top);
    const text = values === null || value === undefined ? "?" : format(value, words);
    if (cell.textContent !== text) cell.textContent = text;
  });
}
