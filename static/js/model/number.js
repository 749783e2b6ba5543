/**
 * Numbers as people read them. Numbers that are not finite travel as words and are shown as ∞, −∞ or
 * "not a number", never as nothing.
 */

/** @typedef {import("./trace.js").Wire} Wire */

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const MINUS = "−";

/** @param {number} power */
function superscript(power) {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");
  return (power < 0 ? "⁻" : "") + digits;
}

/** @param {string} text */
function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** @param {string} text */
function typographic(text) {
  return text.replace("-", MINUS);
}

/**
 * @param {number} value
 * @param {number} digits after the point of the mantissa
 */
function scientific(value, digits) {
  const [mantissa, power] = value.toExponential(digits).split("e");
  return `${typographic(trimmed(mantissa))}×10${superscript(Number(power))}`;
}

/**
 * @param {unknown} value
 * @param {string} undefinedText the words for "not a number"
 * @returns {string | null} what to show for something that is no finite number, else null
 */
function special(value, undefinedText) {
  if (value === "Infinity" || value === Infinity) return "∞";
  if (value === "-Infinity" || value === -Infinity) return `${MINUS}∞`;
  if (typeof value !== "number" || Number.isNaN(value)) return undefinedText;
  return null;
}

/**
 * The value with enough digits to tell it from its rounding: 6.99977, 0.99995, 4.53979×10⁻⁵.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function exact(value, undefinedText = "NaN") {
  const words = special(value, undefinedText);
  if (words !== null) return words;
  const number = /** @type {number} */ (value);
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e7) return scientific(number, 5);
  const decimals = size >= 1000 ? 2 : 5;
  return typographic(trimmed(number.toFixed(decimals)));
}

/**
 * The lecture's rounding: two decimals, no trailing zeros; very large ones in powers of ten.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function rounded(value, undefinedText = "NaN") {
  const words = special(value, undefinedText);
  if (words !== null) return words;
  const number = /** @type {number} */ (value);
  const size = Math.abs(number);
  if (size >= 1e5) return scientific(number, 1);
  const text = trimmed(number.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2));
  return text === "-0" ? "0" : typographic(text);
}

/**
 * Rounded, but never to nothing: small sizes keep their power of ten. For gradients.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function sized(value, undefinedText = "NaN") {
  if (typeof value === "number" && value !== 0 && Math.abs(value) < 0.005) return scientific(value, 1);
  return rounded(value, undefinedText);
}

/**
 * @param {unknown} value
 * @param {number} digits significant ones
 * @param {string} undefinedText
 */
function significant(value, digits, undefinedText) {
  const words = special(value, undefinedText);
  if (words !== null) return words;
  const number = /** @type {number} */ (value);
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e9) return scientific(number, digits - 1);
  return typographic(trimmed(number.toPrecision(digits)));
}

/**
 * An operand of a worked arithmetic: digits enough that the printed ones give the printed result.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function precise(value, undefinedText = "NaN") {
  return significant(value, 9, undefinedText);
}

/**
 * A result of a worked arithmetic.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function printed(value, undefinedText = "NaN") {
  return significant(value, 7, undefinedText);
}

/**
 * How large, where there is no room for more: rounded, or its power of ten alone.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function magnitude(value, undefinedText = "NaN") {
  if (typeof value !== "number" || value === 0 || Math.abs(value) >= 0.005) return rounded(value, undefinedText);
  return `${value < 0 ? MINUS : ""}10${superscript(Math.floor(Math.log10(Math.abs(value))))}`;
}

/**
 * Every digit the double holds.
 * @param {unknown} value
 * @param {string} [undefinedText]
 */
export function full(value, undefinedText = "NaN") {
  const words = special(value, undefinedText);
  if (words !== null) return words;
  const [mantissa, power] = String(value).split("e");
  return typographic(mantissa) + (power === undefined ? "" : `×10${superscript(Number(power))}`);
}

/**
 * Whether the rounding shows another number than the value.
 * @param {unknown} value
 */
export function isRounded(value) {
  return typeof value === "number" && Number(value.toFixed(2)) !== value;
}

/**
 * Where a value lies on the diverging scale: its sign and its share of the largest, 0 to 1.
 * @param {unknown} value
 * @param {number} largest
 * @returns {{sign: "positive" | "negative" | "zero" | "undefined", share: number}}
 */
export function scale(value, largest) {
  if (value === "Infinity") return { sign: "positive", share: 1 };
  if (value === "-Infinity") return { sign: "negative", share: 1 };
  if (typeof value !== "number") return { sign: "undefined", share: 0 };
  if (value === 0) return { sign: "zero", share: 0 };
  const share = Math.min(1, Math.sqrt(Math.abs(value) / largest));
  return { sign: value > 0 ? "positive" : "negative", share };
}
