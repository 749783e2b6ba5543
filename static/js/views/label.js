/**
 * A name of a worked arithmetic as mathematics, in the reader's notation.
 */
import { math } from "../dom.js";
import { indices, labelPieces } from "../model/label.js";
import { symbol } from "./symbol.js";

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {{cell: Cell | undefined, readoutCell: Cell | null, attentionCell?: Cell | null, notation: string,
 *            valueOf: (name: string, readout: boolean) => unknown}} Terms
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * @param {string} tag
 * @param {...(Node | string)} children
 */
function m(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}

/**
 * The symbol of a value a step earlier or later.
 * @param {Element} sign
 * @param {number} shift
 */
function shifted(sign, shift) {
  if (shift === 0) return sign;
  const time = m("mrow", m("mi", "t"), m("mo", shift < 0 ? "−" : "+"), m("mn", "1"));
  const clock = [...sign.querySelectorAll("mi")].filter((each) => each.textContent === "t").at(-1);
  if (!clock) return m("msup", sign, time);
  clock.replaceWith(time);
  return sign;
}

/**
 * @param {import("../model/label.js").Named} named
 * @param {Terms} terms
 * @param {boolean} inReadout
 */
function signOf({ name, shift, readout, entry, gradient }, { cell, readoutCell, attentionCell, notation, valueOf }, inReadout) {
  const own = readout || inReadout;
  const input = own && name === "x" && cell;
  const home = own && !input ? readoutCell : cell;
  const homes = [home, attentionCell].filter((each) => each !== null && each !== undefined);
  const whole = symbol(homes, input ? cell.output : name, notation);
  const sign = shifted(m("mrow", ...whole.childNodes), shift);
  const said = indices(entry, valueOf(name, own));
  const full = said.length > 0 ? m("msub", sign, m("mn", said.join(","))) : sign;
  return gradient ? m("mfrac", m("mrow", m("mi", "∂"), m("mi", "L")), m("mrow", m("mi", "∂"), full)) : full;
}

/**
 * @param {string} label
 * @param {Terms} terms
 * @param {boolean} inReadout whether bare names are the readout's
 * @returns {Element}
 */
export function labelled(label, terms, inReadout) {
  const formula = math("<math></math>");
  for (const piece of labelPieces(label)) {
    const part = typeof piece === "string" ? m(/^[\d.]+$/.test(piece) ? "mn" : "mo", piece) : signOf(piece, terms, inReadout);
    formula.append(part);
  }
  return formula;
}
