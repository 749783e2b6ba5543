/**
 * An equation with its numbers in place of its symbols, rounded as the lecture rounds. Equations with
 * matrices are left to the arithmetic, where they have room.
 */
import { math } from "../dom.js";
import { isRounded, rounded } from "../model/number.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const UNITS = 2;

/**
 * @param {unknown[]} values
 * @returns {Element}
 */
function numbers(values) {
  const row = document.createElementNS(MATHML, "mrow");
  const text = values.map((value) => rounded(value));
  const shown = values.length === 1 ? text[0] : `(${text.join(", ")})`;
  const number = document.createElementNS(MATHML, "mn");
  number.textContent = values.length === 1 && shown.startsWith("−") ? `(${shown})` : shown;
  row.append(number);
  return row;
}

/**
 * @param {Element} sign
 * @param {{frame: import("../words/sentences.js").Frame, parameters: Record<string, any>}} slice
 * @returns {unknown[] | null}
 */
function lookUp(sign, { frame, parameters }) {
  const name = sign.getAttribute("data-name") ?? "";
  if (sign.getAttribute("data-previous") === "true") return frame.previous?.[name] ?? null;
  const value = frame.values?.[name] ?? parameters[name];
  return Array.isArray(value) && !Array.isArray(value[0]) ? value : null;
}

/**
 * @param {HTMLElement} container
 * @param {{name: string, mathml: string}} line
 * @param {{frame: import("../words/sentences.js").Frame, parameters: Record<string, any>}} slice
 * @param {boolean} wanted
 */
export function substituted(container, line, slice, wanted) {
  const formula = wanted && slice.frame.values ? math(line.mathml) : null;
  const signs = formula ? [...formula.querySelectorAll(".sym[data-name]")] : [];
  const found = signs.map((sign) => lookUp(sign, slice));
  const small = found.every((values) => values !== null && values.length > 0 && values.length <= UNITS);
  if (!formula || signs.length < 2 || !small) {
    container.replaceChildren();
    return;
  }
  signs.forEach((sign, index) => sign.replaceWith(numbers(found[index] ?? [])));
  if (found.flat().some(isRounded)) approximate(formula);
  container.replaceChildren(formula);
}

/** @param {Element} formula */
function approximate(formula) {
  const equals = [...formula.querySelectorAll("mo")].find((sign) => sign.textContent?.trim() === "=");
  if (equals) equals.textContent = "≈";
}
