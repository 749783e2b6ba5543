/**
 * The network unrolled over time: a column a step, inputs below, memory and hidden values as signed
 * colour cells, outputs above; past solid, present filled, future pale. A column takes you to its step.
 */
import { h, keyed } from "../dom.js";
import { magnitude, rounded, sized } from "../model/number.js";
import { rows, windowOf } from "../model/rows.js";
import { isReached } from "../model/stages.js";
import { largest, tense } from "../model/trace.js";
import { list, nameOf, whereOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { symbol } from "./symbol.js";
import { fill, vector } from "./vector.js";

/**
 * @typedef {import("../model/rows.js").Row} Row
 * @typedef {{lang: string, notation: string, key: string, scene: any, steps: number, place: string,
 *            trace: import("../model/trace.js").Trace | null, cursor: import("../state/model.js").Cursor,
 *            cells: import("../model/trace.js").Cell[], stage: import("../model/stages.js").Reached}} Slice
 * @typedef {{width: number, columns: number}} Room width in ems
 * @typedef {{go: (t: number) => void, look: (place: string) => void}} Act
 */

const COLUMN = 2.75; // ems, at least
const LETTER = 0.58;
const AROUND = 1.15;
const TALLEST = 8;
const MOST = 60;

/**
 * @param {Row} row
 * @param {Slice} slice
 * @param {Act} act
 */
function rowLabel(row, { cells, notation, lang, trace, place }, act) {
  const t = translator(lang);
  const text = nameOf(row.name, row.role, t);
  const mark = symbol(cells, row.name, notation);
  const many = (trace?.layers.length ?? 1) > 1 || (trace?.layers[0]?.directions.length ?? 1) > 1;
  if (row.kind !== "state" || !many || !trace) {
    return h("span", { class: `row-label role-${row.role}`, title: text }, mark);
  }
  const where = whereOf(trace, row.place ?? "", t);
  return h(
    "button",
    { type: "button", class: `row-label role-${row.role}`, "aria-pressed": String(row.place === place),
      "aria-label": `${where}: ${text}`, title: where, on: { click: () => row.place && act.look(row.place) } },
    mark,
  );
}

/**
 * One step's column and how it is filled.
 * @param {number} step
 * @param {Row[]} all
 * @param {{slice: Slice, tops: number[], act: Act, format: typeof rounded}} how
 */
function column(step, all, { slice, tops, act, format }) {
  const t = translator(slice.lang);
  const backward = slice.cursor.pass === "backward";
  const vectors = all.map((row) => vector(unitsOf(row)));
  const boxes = all.map((row, index) =>
    tall(h("span", { class: `box box-${row.kind} role-${row.role}${row.carried ? " carried" : ""}` }, vectors[index]), row),
  );
  const number = h("span", { class: "step-number" }, String(step + 1));
  const button = h("button", { type: "button", class: "column", "data-step": step, on: { click: () => act.go(step) } }, ...boxes, number);
  /** @param {Slice} now */
  const update = ({ cursor, stage }) => {
    const when = tense(step, cursor.t, cursor.pass);
    button.dataset.tense = when;
    if (when === "present") button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    const open = (/** @type {Row} */ row) => (when === "present" ? rowReached(row, stage, backward) : when === "past" || (row.kind === "input" && !backward));
    const known = all.map((row) => (open(row) ? row.values[step] : null));
    boxes.forEach((box, index) => { box.dataset.known = String(known[index] !== null); });
    known.forEach((values, index) =>
      fill(vectors[index], values ?? null, { top: tops[index], words: t("not a number"), format }),
    );
    const words = all.map((row, index) =>
      known[index] ? `${nameOf(row.name, row.role, t)} ${list(known[index] ?? [], t, backward ? sized : rounded)}` : "",
    );
    button.setAttribute("aria-label", [t("Step {t}", { t: step + 1 }), ...words.filter(Boolean)].join(t("; ")));
  };
  return { button, update };
}

/**
 * Whether the present step has come to a row: inputs are there first, their gradients come last.
 * @param {Row} row
 * @param {import("../model/stages.js").Reached} stage
 * @param {boolean} backward
 */
export function rowReached({ place, name }, stage, backward) {
  if (place === null) return !backward || stage.reached === null;
  return isReached(stage, `${place}.${name}`);
}

/**
 * Gradients are often tiny: in a narrow column only their power of ten has room.
 * @param {Room} room
 * @param {number} columns
 * @param {string} pass
 */
function formatFor({ width }, columns, pass) {
  if (pass === "forward") return rounded;
  return width / columns < 6.2 ? magnitude : sized;
}

/**
 * How wide it is, in the page's own type.
 * @param {HTMLElement} container
 * @returns {number} in ems
 */
function roomIn(container) {
  const size = Number.parseFloat(getComputedStyle(container).fontSize) || 16;
  return container.clientWidth / size;
}

/** @type {WeakMap<object, Record<string, number>>} letters by trace and pass */
const measured = new WeakMap();

/**
 * How many letters the longest number has that is printed: a number cut short would be another one.
 * @param {Slice} slice
 */
function letters({ trace, scene, cells, cursor: { pass } }) {
  if (!trace || pass === "backward") return 0;
  const known = measured.get(trace) ?? {};
  known[pass] ??= rows(trace, scene, cells, pass)
    .filter((row) => unitsOf(row) <= TALLEST)
    .flatMap((row) => row.values.flatMap((values) => values ?? []))
    .reduce((/** @type {number} */ most, value) => Math.max(most, rounded(value).length), 0);
  measured.set(trace, known);
  return known[pass];
}

/**
 * How many columns fit.
 * @param {number} width
 * @param {Slice} slice
 * @returns {Room}
 */
function roomFor(width, slice) {
  const column = Math.max(COLUMN, LETTER * letters(slice) + AROUND);
  return { width, columns: Math.min(MOST, Math.max(3, Math.floor((width - 2.2) / column))) };
}

/**
 * @param {HTMLElement} container
 * @param {Slice} slice
 * @param {{act: Act, room: Room}} how
 */
function build(container, slice, { act, room }) {
  const { trace, scene, cells, cursor, steps } = slice;
  const t = translator(slice.lang);
  if (!trace) {
    container.replaceChildren(h("p", { class: "loading" }, t("Computing…")));
    return { update: () => {} };
  }
  const all = rows(trace, scene, cells, cursor.pass);
  const tops = all.map((row) => largest(/** @type {any} */ (row.values)));
  const { from, to } = windowOf(steps, cursor.t, room.columns);
  const format = formatFor(room, to - from, cursor.pass);
  const columns = Array.from({ length: to - from }, (_, index) => column(from + index, all, { slice, tops, act, format }));
  const labels = h("div", { class: "row-labels" }, ...all.map((row) => tall(rowLabel(row, slice, act), row)), h("span", { class: "step-number" }, "t"));
  container.dataset.pass = cursor.pass;
  container.replaceChildren(
    labels,
    h("ol", { class: "columns", "data-before": from > 0, "data-after": to < steps }, ...columns.map(({ button }) => h("li", null, button))),
  );
  return {
    /** @param {Slice} next */
    update: (next) => columns.forEach((each) => each.update(next)),
  };
}

/**
 * Boxes and the labels beside them are as tall as the row's vectors.
 * @param {HTMLElement} element
 * @param {Row} row
 */
function tall(element, row) {
  element.style.setProperty("--units", String(Math.min(unitsOf(row), TALLEST)));
  return element;
}

/** @param {Row} row */
function unitsOf(row) {
  return row.values.find((each) => each?.length)?.length ?? 1;
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function strip(container, source, act) {
  // Measured when the page's room changes, not at every step: asking for it would force a layout.
  let width = roomIn(container);
  /** @param {Slice} slice */
  const keyOf = (slice) => {
    const { from } = windowOf(slice.steps, slice.cursor.t, roomFor(width, slice).columns);
    return [slice.key, slice.trace?.id, slice.lang, slice.notation, slice.cursor.pass, slice.place, from].join();
  };
  const mount = () => keyed(source, keyOf, (slice) => build(container, slice, { act, room: roomFor(width, slice) }));
  let unmount = mount();
  const observer = new ResizeObserver(() => {
    const next = roomIn(container);
    if (next === width) return;
    width = next;
    unmount();
    unmount = mount();
  });
  observer.observe(container);
  return () => {
    observer.disconnect();
    unmount();
  };
}
