/**
 * The cell's equations, each with its numbers at this step. Every number is a button that opens its
 * arithmetic under the equation.
 */
import { h, keyed, math } from "../dom.js";
import { exact, isRounded, rounded } from "../model/number.js";
import { series } from "../model/trace.js";
import { relatedTo } from "../model/related.js";
import { standingOf } from "../model/stages.js";
import { parts } from "../state/model.js";
import { nameOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { arithmetic } from "./arithmetic.js";
import { copying } from "./copying.js";
import { symbol } from "./symbol.js";
import { scrolling } from "./scrolling.js";
import { working } from "./working.js";

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {import("../model/trace.js").Wire} Wire
 * @typedef {{name: string, role: string, address: string, mathml: string}} Line
 * @typedef {{lang: string, notation: string, scene: any, key: string, place: string, cell: Cell | undefined,
 *            frame: import("../words/sentences.js").Frame, cursor: import("../state/model.js").Cursor,
 *            trace: import("../model/trace.js").Trace | null, readoutCell: Cell | null, readout: Record<string, Wire[]> | null, parameters: Record<string, any>,
 *            attentionCell: Cell | null, attention: Record<string, Wire[]> | null,
 *            hover: string | null, stage: import("../model/stages.js").Reached,
 *            workings: Record<string, any>, explanation: import("../state/session.js").Explanation | null}} Slice
 * @typedef {{toggle: (address: string) => void, select: (address: string, t: number) => void, close: () => void, hover: (name: string | null) => void} & import("./copying.js").Act} Act
 */

const SHOWN = 8;
const LONG = 4;
const ATTENTION = "decoder.attention";

/**
 * The lines in groups: a pre-activation stands with the value it makes.
 * @param {Slice} slice
 * @returns {Line[][]}
 */
function groups({ cell, readoutCell, attentionCell, notation, place }) {
  /** @type {Line[][]} */
  const found = [];
  for (const line of linesOf(cell, place, notation)) {
    const last = found.at(-1);
    if (last && last[0].name === `z_${line.name}`) last.push(line);
    else found.push([line]);
  }
  const after = [linesOf(attentionCell, ATTENTION, notation), linesOf(readoutCell, "readout", notation)];
  return [...found, ...after.filter((lines) => lines.length > 0)];
}

/**
 * @param {Cell | null | undefined} cell
 * @param {string} place
 * @param {string} notation
 * @returns {Line[]}
 */
function linesOf(cell, place, notation) {
  return (cell?.equations ?? []).map(({ name, role, notations }) => ({
    name,
    role,
    address: `${place}.${name}`,
    mathml: (notations[notation] ?? notations.lee).mathml,
  }));
}

/**
 * Where a line's value is computed.
 * @param {Line} line
 */
function homeOf({ address, name }) {
  return address.slice(0, -name.length - 1);
}

/**
 * The cell that a line is an equation of.
 * @param {Line} line
 * @param {Slice} slice
 */
function ownerOf(line, { cell, readoutCell, attentionCell }) {
  const home = homeOf(line);
  return { readout: readoutCell, [ATTENTION]: attentionCell }[home] ?? cell;
}

/**
 * The equation as it stands in this network: what the readout calls its input, and attention its
 * query, is the cell's output.
 * @param {Line} line
 * @param {Slice} slice
 */
function formulaOf(line, { cell, notation }) {
  const formula = math(line.mathml);
  const given = { readout: "x", [ATTENTION]: "q" }[homeOf(line)];
  if (given && cell) {
    for (const sign of formula.querySelectorAll(`.sym[data-name=${given}]`)) {
      sign.replaceWith(...symbol([cell], cell.output, notation).childNodes);
    }
  }
  return formula;
}

/**
 * @param {Line} line
 * @param {Slice} slice
 * @returns {Wire[] | null}
 */
function valuesOf(line, { frame, readout, attention, cursor }) {
  const home = homeOf(line);
  if (home === "readout") return readout?.[line.name] ?? null;
  if (home === ATTENTION) return attention?.[line.name] ?? null;
  return (cursor.pass === "backward" ? frame.gradients : frame.values)?.[line.name] ?? null;
}

/**
 * How many numbers a line has, known before the first step is taken.
 * @param {Line} line
 * @param {Slice} slice
 */
function unitsOf(line, { trace }) {
  return (trace && series(trace, homeOf(line), "forward")[line.name]?.[0]?.length) || 1;
}

/**
 * @param {Line} line
 * @param {number} unit
 * @param {Act} act
 */
function numberButton(line, unit, act) {
  const address = `${line.address}[${unit}]`;
  return h("button", { type: "button", class: "number", "data-address": address, "aria-expanded": "false", on: { click: () => act.toggle(address) } });
}

/**
 * @param {HTMLElement} button
 * @param {Wire | undefined} value
 * @param {{label: string, open: boolean, words: string, gradient: boolean, ask: string}} how
 */
function fillButton(button, value, { label, open, words, gradient, ask }) {
  const known = value !== undefined;
  const text = known ? exact(value, words) : "?";
  const near = known && !gradient && isRounded(value) ? `≈ ${rounded(value, words)}` : "";
  if (button.dataset.text !== text + near) {
    button.dataset.text = text + near;
    button.replaceChildren(h("span", { class: "exact" }, text), near ? h("span", { class: "near" }, near) : "");
  }
  button.setAttribute("aria-expanded", String(open));
  button.setAttribute("aria-label", known ? `${label} = ${text} ${near}. ${ask}` : `${label}: ?`);
  button.toggleAttribute("disabled", !known);
}

/**
 * @param {Line} line
 * @param {Slice} first
 * @param {Act} act
 */
function row(line, first, act) {
  const t = translator(first.lang);
  const units = Math.min(SHOWN, unitsOf(line, first));
  const buttons = Array.from({ length: units }, (_, unit) => numberButton(line, unit, act));
  const more = unitsOf(line, first) - units;
  const inPlace = h("div", { class: "in-place" });
  const slot = h("div", { class: "arithmetic-slot" });
  const backward = first.cursor.pass === "backward";
  const formula = h("div", { class: "formula" }, backward ? gradientOf(line, first) : formulaOf(line, first));
  const element = h(
    "li",
    { class: `equation role-${line.role}${formula.querySelectorAll(".sym").length > LONG ? " long" : ""}`, "data-name": line.name,
      on: pointing(pointedAt(line), act) },
    h("div", { class: "line" }, formula, h("div", { class: "numbers" }, ...buttons, more > 0 ? h("span", { class: "more" }, t("+{count}", { count: more })) : null), inPlace),
    slot,
  );
  scrolling(formula);
  const open = arithmetic(slot, act.close);
  /** @param {Slice} slice */
  const update = (slice) => {
    const values = valuesOf(line, slice);
    const node = slice.cursor.node === null ? null : parts(slice.cursor.node);
    const selected = node !== null && `${node.place}.${node.name}` === line.address;
    element.classList.toggle("selected", selected);
    element.classList.toggle("lit", relatedTo(slice.cell, slice.hover)?.has(pointedAt(line)) ?? false);
    mark(element, standingOf(slice.stage, line.address));
    buttons.forEach((button, unit) =>
      fillButton(button, values?.[unit], {
        label: nameOf(line.name, line.role, t) + (units > 1 ? ` ${unit + 1}` : ""),
        open: selected && node?.unit === unit,
        words: t("not a number"),
        gradient: slice.cursor.pass === "backward",
        ask: t("Show the arithmetic"),
      }),
    );
    working(inPlace, line, slice, { units, shown: values ? (buttons[0].querySelector(".exact")?.textContent ?? "") : null });
    const walked = slice.stage.at === line.address;
    const part = walked ? slice.stage.part : null;
    const asked = selected && node?.unit !== null && (values !== null || part !== null);
    open(asked ? slice.explanation : null, { part, walked }, () => howFor(line, slice, act));
  };
  return { element, update };
}

/** What a line is called where values are pointed at. @param {Line} line */
function pointedAt({ address, name }) {
  return address.startsWith("readout") || address.startsWith(ATTENTION) ? address : name;
}

/**
 * @param {string} name
 * @param {Pick<Act, "hover">} act
 */
export function pointing(name, act) {
  const [on, off] = [() => act.hover(name), () => act.hover(null)];
  return { pointerenter: on, pointerleave: off, focusin: on, focusout: off };
}

/**
 * The line a step has come to is brought into sight where the lines scroll within themselves.
 * @param {HTMLElement} element
 * @param {"present" | "reached" | "ahead"} standing
 */
function mark(element, standing) {
  if (element.dataset.stage === standing) return;
  element.dataset.stage = standing;
  const box = /** @type {HTMLElement | null} */ (element.closest(".equations"));
  if (standing !== "present" || !box || box.scrollHeight <= box.clientHeight) return;
  const [top, bottom] = [element.offsetTop - box.offsetTop, element.offsetTop - box.offsetTop + element.offsetHeight];
  if (top < box.scrollTop) box.scrollTop = top - 8;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = Math.min(top - 8, bottom - box.clientHeight + 8);
}

/**
 * What the arithmetic of a line needs to name its factors and to lead to theirs.
 * @param {Line} line
 * @param {Slice} slice
 * @param {Act} act
 * @returns {import("./arithmetic.js").How}
 */
function howFor(line, { lang, cell, readoutCell, attentionCell, notation, frame, parameters, readout, cursor }, act) {
  const valueOf = (/** @type {string} */ name, /** @type {boolean} */ own) =>
    own && name !== "x" ? readout?.[name] : (Object.hasOwn(parameters, name) ? parameters[name] : frame.values?.[name]);
  const inReadout = line.address.startsWith("readout");
  return { lang, inReadout, backward: cursor.pass === "backward", follow: act.select, terms: { cell, readoutCell, attentionCell, notation, valueOf } };
}

/**
 * Going backward the number of a line is the gradient of its value.
 * @param {Line} line
 * @param {Slice} slice
 */
function gradientOf(line, slice) {
  const own = ownerOf(line, slice);
  const fraction = math("<math><mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi></mrow></mfrac></math>");
  const value = symbol(own ? [own] : [], line.name, slice.notation);
  fraction.querySelectorAll("mrow")[1].append(...value.childNodes);
  return fraction;
}

/**
 * @param {HTMLElement} container
 * @param {Slice} slice
 * @param {Act} act
 */
function build(container, slice, act) {
  const made = groups(slice).map((lines) => lines.map((line) => row(line, slice, act)));
  container.replaceChildren(
    ...made.map((lines, index) => {
      const role = groups(slice)[index].at(-1)?.role ?? "plain";
      return h("ul", { class: `group role-${role}` }, ...lines.map(({ element }) => element));
    }),
    copying(slice, act),
  );
  return {
    /** @param {Slice} next */
    update(next) {
      container.classList.toggle("pointing", next.hover !== null);
      made.flat().forEach((line) => line.update(next));
    },
  };
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function equations(container, source, act) {
  return keyed(
    source,
    (slice) =>
      [slice.key, slice.place, slice.cell?.id, slice.lang, slice.notation, slice.cursor.pass, slice.trace !== null].join(),
    (slice) => build(container, slice, act),
  );
}

