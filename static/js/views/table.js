/**
 * The whole sequence as a table: the picture above in numbers. Every computed number opens its arithmetic.
 */
import { h, keyed } from "../dom.js";
import { exact } from "../model/number.js";
import { rows, windowOf } from "../model/rows.js";
import { series, tense } from "../model/trace.js";
import { nameOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { isLit, pointedAt, rowReached } from "./column.js";
import { symbol } from "./symbol.js";

/**
 * @typedef {import("../model/rows.js").Row} Row
 * @typedef {import("./strip.js").Slice} Slice
 * @typedef {{select: (address: string, t?: number) => void, look: (place: string, source?: number) => void, hover: (name: string | null) => void}} Act
 */

const ROOM = 40;
const UNITS = 6;

/**
 * @param {Row} row
 * @param {number} step
 * @param {{slice: Slice, act: Act}} how
 */
function cellOf(row, step, { slice, act }) {
  const t = translator(slice.lang);
  const values = row.values[step] ?? [];
  const when = tense(step, slice.cursor.t, slice.cursor.pass);
  const known = encoded(row) ? cursorEnded(slice) : when === "past" || (when === "present" && rowReached(row, slice.stage, slice.cursor.pass === "backward"));
  const given = row.kind === "input" && slice.cursor.pass === "forward";
  if (!known && !given) return h("td", { class: "unknown" }, "?");
  const shown = values.slice(0, UNITS).map((value, unit) => {
    const text = exact(value, t("not a number"));
    if (row.place === null) return h("span", { class: "given" }, text);
    const address = `${row.place}.${row.name}[${unit}]`;
    const label = `${nameOf(row.name, row.role, t)} = ${text}. ${t("Show the arithmetic")}`;
    return h("button", { type: "button", class: "number", "data-address": address, "aria-label": label, on: { click: () => open(row, step, address, act) } }, text);
  });
  const more = values.length > UNITS ? h("span", { class: "more" }, t("+{count}", { count: values.length - UNITS })) : null;
  const spaced = shown.flatMap((number, index) => (index > 0 ? [" ", number] : [number]));
  return h("td", null, ...spaced, more);
}

/** @param {Row} row */
function encoded({ place, stack }) {
  return stack === "encoder" || (place?.startsWith("encoder.") ?? false);
}

/**
 * An encoder has run when the walk begins; its gradients are there when the decoder's all are.
 * @param {Slice} slice
 */
function cursorEnded({ cursor: { pass, t }, stage }) {
  return pass === "forward" || (t === 0 && stage.reached === null);
}

/**
 * @param {Row} row
 * @param {number} step
 * @param {string} address
 * @param {Act} act
 */
function open(row, step, address, act) {
  if (!encoded(row)) return act.select(address, step);
  act.look(/** @type {string} */ (row.place), step);
  act.select(address);
}

/**
 * @param {Row} row
 * @param {Slice} slice
 */
function heading(row, { lang, notation, cells }) {
  const t = translator(lang);
  const name = nameOf(row.name, row.role, t);
  return h("th", { scope: "col", class: `role-${row.role}`, title: name }, row.name === "alpha" ? h("i", null, "α") : symbol(cells, row.name, notation), h("span", { class: "visually-hidden" }, ` ${name}`));
}

/**
 * A step's line of the table, filled anew only when more or less of it is known.
 * @param {number} step
 * @param {Row[]} columns
 * @param {Act} act
 */
function line(step, columns, act) {
  const head = h("th", { scope: "row" }, String(step + 1));
  const element = h("tr", null, head);
  let shown = "";
  /** @type {HTMLElement[]} */
  let filled = [];
  /** @param {Slice} slice */
  const light = (slice) => filled.forEach((cell, index) => cell.classList.toggle("lit", slice.hover !== null && isLit(columns[index], step, slice)));
  /** @param {Slice} slice */
  const update = (slice) => {
    const { cursor, stage } = slice;
    const when = tense(step, cursor.t, cursor.pass);
    const key = columns.some(encoded) ? `encoder ${cursorEnded(slice)}` : when === "present" ? `${when} ${stage.index} ${stage.part}` : when;
    if (key === shown) return light(slice);
    shown = key;
    element.dataset.tense = when;
    if (when === "present" && !columns.some(encoded)) element.setAttribute("aria-current", "step");
    else element.removeAttribute("aria-current");
    filled = columns.map((row) => cellOf(row, step, { slice, act }));
    filled.forEach((cell, index) => {
      const point = () => act.hover(when === "present" ? pointedAt(columns[index], slice) : null);
      for (const event of ["pointerenter", "focusin"]) cell.addEventListener(event, point);
      for (const event of ["pointerleave", "focusout"]) cell.addEventListener(event, () => act.hover(null));
    });
    element.replaceChildren(head, ...filled);
    light(slice);
  };
  return { element, update };
}

/**
 * @param {HTMLElement} container
 * @param {Slice} slice
 * @param {Act} act
 */
function build(container, slice, act) {
  const { trace, scene, cells, cursor, steps } = slice;
  const t = translator(slice.lang);
  if (!trace) {
    container.replaceChildren();
    return { update: () => {} };
  }
  const columns = [...attention(trace, cursor.pass), ...rows(trace, scene, cells, cursor.pass)].reverse();
  const caption = cursor.pass === "forward" ? t("Inputs, memory and outputs at every step") : t("Gradients at every step");
  const own = sequence(columns, { slice, act, caption, seen: windowOf(steps, cursor.t, ROOM) });
  const all = trace.encoder ? [own, encoderTable(trace.encoder.steps, { slice, act, caption })] : [own];
  container.replaceChildren(...all.map(({ element }) => element));
  return {
    /** @param {Slice} next */
    update: (next) => all.flatMap(({ lines }) => lines).forEach((each) => each.update(next)),
  };
}

/**
 * @param {Row[]} columns
 * @param {{slice: Slice, act: Act, caption: string, seen: {from: number, to: number}}} how
 */
function sequence(columns, { slice, act, caption, seen }) {
  const t = translator(slice.lang);
  const head = h("tr", null, h("th", { scope: "col" }, t("Step")), ...columns.map((row) => heading(row, slice)));
  const lines = Array.from({ length: seen.to - seen.from }, (_, index) => line(seen.from + index, columns, act));
  const table = h("table", { class: "sequence" }, h("caption", null, caption), h("thead", null, head), h("tbody", null, ...lines.map(({ element }) => element)));
  return { lines, element: h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": caption }, table) };
}

/**
 * @param {number} steps
 * @param {{slice: Slice, act: Act, caption: string}} how
 */
function encoderTable(steps, { slice, act, caption }) {
  const { trace, scene, cells, cursor, source } = slice;
  const t = translator(slice.lang);
  const columns = rows(/** @type {any} */ (trace), scene, cells, cursor.pass, "encoder").reverse();
  const said = t("{where}: {what}", { where: t("The encoder"), what: caption });
  return sequence(columns, { slice, act, caption: said, seen: windowOf(steps, source, ROOM) });
}

/**
 * How much each step of a decoder attends to each input.
 * @param {import("../model/trace.js").Trace} trace
 * @param {"forward" | "backward"} pass
 * @returns {Row[]}
 */
function attention(trace, pass) {
  const place = "decoder.attention";
  const values = trace.attention ? series(trace, place, pass).alpha : null;
  return values ? [{ kind: "output", place, name: "alpha", role: "candidate", carried: false, values, layer: -1, direction: "" }] : [];
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function table(container, source, act) {
  return keyed(
    source,
    ({ key, trace, lang, notation, cursor, place, steps, source }) => [key, trace?.id, lang, notation, cursor.pass, place, windowOf(steps, cursor.t, ROOM).from, trace?.encoder ? windowOf(trace.encoder.steps, source, ROOM).from : 0].join(),
    (slice) => build(container, slice, act),
  );
}
