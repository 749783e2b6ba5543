/** Numbers of a step as the diagram shows them. Nothing is computed here but what is drawn. */

/** @import {Entry, Values} from "./types.js" */

/**
 * @param {Entry} entry
 * @returns {number}
 */
function toNumber(entry) {
  return typeof entry === "number" ? entry : Number(entry);
}

/**
 * A value's entries as numbers, or null where it is not known yet.
 * @param {Values | null | undefined} values
 * @param {string | null | undefined} name
 * @returns {number[] | null}
 */
export function entriesOf(values, name) {
  const found = name ? values?.[name] : null;
  return found ? found.map(toNumber) : null;
}

/**
 * Three significant places, a true minus, no exponent for what is as good as zero to the eye.
 * @param {number} value
 * @returns {string}
 */
export function plain(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 || (size > 0 && size < 1e-99)
    ? value.toExponential(1)
    : value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : 2);
  return text.replace("-", "−").replace(/^−(0(\.0+)?)$/, "$1");
}

/**
 * Several entries in one short text: all of up to three, else the least and the greatest.
 * @param {number[]} entries
 * @param {(value: number) => string} format
 */
export function listed(entries, format) {
  if (entries.length === 1) return format(entries[0]);
  if (entries.length <= 3) return `[${entries.map(format).join(" ")}]`;
  const finite = entries.filter((value) => !Number.isNaN(value));
  if (finite.length === 0) return format(NaN);
  return `${format(Math.min(...finite))}…${format(Math.max(...finite))}`;
}

/**
 * How far a gate is open: from 0 to 1, null where unknown.
 * @param {number[] | null} entries
 * @param {number} unit
 * @param {boolean} inverted
 */
export function openness(entries, unit, inverted) {
  const value = entries?.[Math.min(unit, entries.length - 1)];
  if (value === undefined || Number.isNaN(value)) return null;
  const open = Math.min(1, Math.max(0, value));
  return inverted ? 1 - open : open;
}

/**
 * The size of a gradient as a share of the widest line, on a log scale from 1e-6 to 100.
 * @param {number[] | null} entries
 * @returns {number | null}
 */
export function logarithmic(entries) {
  if (!entries) return null;
  const size = Math.hypot(...entries);
  if (Number.isNaN(size) || size === 0) return 0;
  return Math.min(1, Math.max(0.04, (Math.log10(size) + 6) / 8));
}
