/**
 * The whole sequence as a table: the picture above in numbers. Every computed number opens its arithmetic.
 */
import { h, keyed } from "../dom.js";
import { exact } from "../model/number.js";
import { rows, windowOf } from "../model/rows.js";
import { tense } from "../model/trace.js";
import { nameOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { rowReached } from "./column.js";
import { symbol } from "./symbol.js";

/**
 * @typedef {import("../model/rows.js").Row} Row
 * @typedef {import("./strip.js").Slice} Slice
 * @typedef {{select: (address: string, t: number) => void}} Act
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
  const known = when === "past" || (when === "present" && rowReached(row, slice.stage, slice.cursor.pass === "backward"));
  const given = row.kind === "input" && slice.cursor.pass === "forward";
  if (!known && !given) return h("td", { class: "unknown" }, "?");
  const shown = values.slice(0, UNITS).map((value, unit) => {
    const text = exact(value, t("not a number"));
    if (row.place === null) return h("span", { class: "given" }, text);
    const address = `${row.place}.${row.name}[${unit}]`;
    const label = `${nameOf(row.name, row.role, t)} = ${text}. ${t("Show the arithmetic")}`;
    return h("button", { type: "button", class: "number", "data-address": address, "aria-label": label, on: { click: () => act.select(address, step) } }, text);
  });
  const more = values.length > UNITS ? h("span", { class: "more" }, t("+{count}", { count: values.length - UNITS })) : null;
  const spaced = shown.flatMap((number, index) => (index > 0 ? [" ", number] : [number]));
  return h("td", null, ...spaced, more);
}

/**
 * @param {Row} row
 * @param {Slice} slice
 */
function heading(row, { lang, notation, cells }) {
  const t = translator(lang);
  const name = nameOf(row.name, row.role, t);
  return h("th", { scope: "col", class: `role-${row.role}`, title: name }, symbol(cells, row.name, notation), h("span", { class: "visually-hidden" }, ` ${name}`));
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
  const columns = rows(trace, scene, cells, cursor.pass).reverse();
  const { from, to } = windowOf(steps, cursor.t, ROOM);
  const head = h("tr", null, h("th", { scope: "col" }, t("Step")), ...columns.map((row) => heading(row, slice)));
  const body = Array.from({ length: to - from }, (_, index) => {
    const step = from + index;
    const current = step === cursor.t;
    return h(
      "tr",
      { "aria-current": current ? "step" : null, "data-tense": tense(step, cursor.t, cursor.pass) },
      h("th", { scope: "row" }, String(step + 1)),
      ...columns.map((row) => cellOf(row, step, { slice, act })),
    );
  });
  const caption = cursor.pass === "forward" ? t("Inputs, memory and outputs at every step") : t("Gradients at every step");
  const table = h("table", { class: "sequence" }, h("caption", null, caption), h("thead", null, head), h("tbody", null, ...body));
  container.replaceChildren(h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
  return { update: () => {} };
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function table(container, source, act) {
  return keyed(
    source,
    ({ key, trace, lang, notation, cursor, place, stage }) => [key, trace?.id, lang, notation, cursor.t, cursor.pass, place, stage.index, stage.part].join(),
    (slice) => build(container, slice, act),
  );
}
