/**
 * An equation with its numbers in place of its symbols, rounded as the lecture rounds. Equations with
 * matrices are left to the arithmetic, where they have room.
 */
import { math } from "../dom.js";
import { isRounded, rounded } from "../model/number.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const UNITS = 2;
const OPERATORS = [..."+−-·⊙∘×*"];

/**
 * @param {unknown[]} values
 * @param {Element} sign the symbol they stand for
 * @returns {Element}
 */
function numbers(values, sign) {
  const text = values.map((value) => rounded(value));
  const number = document.createElementNS(MATHML, "mn");
  const before = sign.previousElementSibling?.textContent ?? "";
  const fenced = text[0].startsWith("−") && OPERATORS.includes(before.trim());
  const shown = values.length === 1 ? text[0] : `(${text.join(", ")})`;
  number.textContent = fenced && values.length === 1 ? `(${shown})` : shown;
  return number;
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
 */
export function substituted(container, line, slice) {
  const { values } = slice.frame;
  const formula = values ? math(line.mathml) : null;
  const signs = formula ? [...formula.querySelectorAll(".sym[data-name]")] : [];
  const found = signs.map((sign) => lookUp(sign, slice));
  const small = found.length > 0 && found.every((value) => value !== null && value.length > 0 && value.length <= UNITS);
  if (!formula || !small) {
    container.replaceChildren();
    return;
  }
  signs.forEach((sign, index) => sign.replaceWith(numbers(found[index] ?? [], sign)));
  if (found.every((values) => values?.length === 1)) dotted(formula);
  if (found.flat().some(isRounded)) approximate(formula);
  // A value that is merely another one says nothing new.
  const says = [...formula.querySelectorAll("mo")].some((sign) => !"=≈".includes(sign.textContent ?? ""));
  container.replaceChildren(...(says ? [formula] : []));
}

/**
 * Between single numbers a product is a dot.
 * @param {Element} formula
 */
function dotted(formula) {
  for (const sign of formula.querySelectorAll("mo")) {
    if ("⊙∘\u2062".includes(sign.textContent || " ")) sign.textContent = "·";
  }
}

/** @param {Element} formula */
function approximate(formula) {
  const equals = [...formula.querySelectorAll("mo")].find((sign) => sign.textContent?.trim() === "=");
  if (equals) equals.textContent = "≈";
}
