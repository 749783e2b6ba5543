/**
 * The network unrolled over time: a column a step, inputs below, layers over each other, memory and
 * hidden values as signed colour cells, outputs above; past solid, present filled, future pale. A column
 * takes you to its step. An encoder lies below its decoder, with attention between them.
 */
import { h, keyed } from "../dom.js";
import { magnitude, rounded, sized } from "../model/number.js";
import { rows, windowOf } from "../model/rows.js";
import { inputWords, outputWords } from "../model/tokens.js";
import { largest } from "../model/trace.js";
import { nameOf, whereOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { column, heightOf, pointedAt, segments, tall, unitsOf } from "./column.js";
import { overview } from "./overview.js";
import { ribbons } from "./ribbons.js";
import { symbol } from "./symbol.js";
import { PRINTED } from "./vector.js";

/**
 * @typedef {import("../model/rows.js").Row} Row
 * @typedef {import("../model/trace.js").Stack} Stack
 * @typedef {{lang: string, notation: string, key: string, content: string, scene: any, steps: number, place: string,
 *            trace: import("../model/trace.js").Trace | null, cursor: import("../state/model.js").Cursor,
 *            cells: import("../model/trace.js").Cell[], cell: import("../model/trace.js").Cell | undefined,
 *            stage: import("../model/stages.js").Reached, hover: string | null, source: number,
 *            stretchOf: (place: string) => Stack}} Slice
 *   `source`: the step at which an encoder is looked at
 * @typedef {{stack: Stack, rows: Row[], steps: number, at: number | null, moving: boolean,
 *            heard: import("../model/tokens.js").Words | null, said: import("../model/tokens.js").Words | null}} Stretch
 *   steps that stand side by side; `moving`: whether some of it changes with every step of the walk;
 *   `heard` and `said`: the words that go in and come out
 * @typedef {{width: number, columns: number}} Room width in ems
 * @typedef {{go: (t: number) => void, look: (place: string, source?: number) => void, hover: (name: string | null) => void}} Act
 */

const COLUMN = 2.75; // ems, at least
const LETTER = 0.58;
const AROUND = 1.15;
const BESIDE = 0.9; // ems beside the boxes of a layer that reads both ways, for the lines that pass them
const MOST = 60;
const GAP = 0.85; // of a cell: what a box has around it
const BELOW = 0.9; // a line of words, or the number of the step

/**
 * @param {Row} row
 * @param {Slice} slice
 * @param {Act} act
 */
function rowLabel(row, { cells, notation, lang, trace, place }, act) {
  const t = translator(lang);
  const text = nameOf(row.name, row.role, t);
  /** @type {Record<string, string>} */
  const signs = { alpha: "α", context: "Σα" };
  const mark = signs[row.name] ? h("i", null, signs[row.name]) : symbol(cells, row.name, notation);
  const where = trace && row.kind === "state" ? whereOf(trace, row.place ?? "", t) : "";
  if (where === "") return h("span", { class: `row-label role-${row.role}`, title: text }, mark);
  return h(
    "button",
    { type: "button", class: `row-label role-${row.role}`, "aria-pressed": String(row.place === place),
      "aria-label": `${where}: ${text}`, title: where, on: { click: () => row.place && act.look(row.place) } },
    mark,
  );
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

/**
 * How tall vectors may be in the room that the page's dress leaves, which is more for networks of many rows.
 * @param {HTMLElement} container
 * @param {Stretch[]} all
 */
function capIn(container, all) {
  const dress = getComputedStyle(container);
  const cells = (/** @type {string} */ name) => Number.parseFloat(dress.getPropertyValue(name)) || 0;
  const usual = capFor(all, cells("--cells"));
  const high = usual < PRINTED && cells("--cells-high") > 0 && capFor(all, cells("--cells-high")) > usual;
  const many = all.length > 1 || high;
  container.classList.toggle("high", many);
  return many && cells("--cells-high") > 0 ? capFor(all, cells("--cells-high")) : usual;
}

/** @type {WeakMap<object, Record<string, number>>} letters by trace and pass */
const measured = new WeakMap();

/**
 * How many letters the longest number has that is printed: a number cut short would be another one.
 * @param {Slice} slice
 */
function letters(slice) {
  const { trace, cursor: { pass } } = slice;
  if (!trace || pass === "backward") return 0;
  const known = measured.get(trace) ?? {};
  known[pass] ??= stretches(slice)
    .flatMap((stretch) => stretch.rows)
    .filter((row) => unitsOf(row) <= PRINTED)
    .flatMap((row) => row.values.flatMap((values) => values ?? []))
    .reduce((/** @type {number} */ most, value) => Math.max(most, rounded(value).length), 0);
  measured.set(trace, known);
  return known[pass];
}

/**
 * @param {Slice} slice
 * @returns {boolean} whether a layer reads both ways
 */
function readsBothWays({ trace }) {
  const layers = trace ? (trace.layers ?? [...(trace.encoder?.layers ?? []), ...(trace.decoder?.layers ?? [])]) : [];
  return layers.some(({ directions }) => directions.length > 1);
}

/**
 * How many columns fit.
 * @param {number} width
 * @param {Slice} slice
 * @returns {Room}
 */
function roomFor(width, slice) {
  const column = Math.max(COLUMN, LETTER * letters(slice) + AROUND) + (readsBothWays(slice) ? BESIDE : 0);
  return { width, columns: Math.min(MOST, Math.max(3, Math.floor((width - 2.2) / column))) };
}

/**
 * How many cells the tallest vector may have, so that all the rows are in sight together.
 * @param {Stretch[]} all
 * @param {number} cells
 */
function capFor(all, cells) {
  const drawn = all.flatMap((stretch) => stretch.rows);
  const beside = all.reduce((sum, { heard, said }) => sum + BELOW * (1 + (heard ? 1 : 0) + (said ? 1 : 0)), 0);
  const height = (/** @type {number} */ cap) => drawn.reduce((sum, row) => sum + heightOf(row, cap) + GAP, beside);
  let cap = PRINTED;
  while (cap > 1 && height(cap) > cells) cap -= 1;
  return cap;
}

/**
 * How much the present step of the decoder attends to each of the encoder's.
 * @param {import("../model/trace.js").Trace} trace
 * @returns {Row[]}
 */
function attended(trace) {
  if (!trace.attention) return [];
  /** @type {NonNullable<Row["of"]>} */
  const of = ({ trace: now, cursor: { t, pass }, stage }, step) => {
    const value = t === null || stage.reached !== null || pass === "backward" ? undefined : now?.attention?.alpha[t]?.[step];
    return value === undefined ? null : [value];
  };
  return [{ kind: "output", place: "decoder.attention", name: "alpha", role: "candidate", carried: false, values: [[1]], layer: -1, direction: "", of }];
}

/**
 * What stands side by side, the upper first.
 * @param {Slice} slice
 * @returns {Stretch[]}
 */
function stretches({ trace, scene, cells, cursor, steps, source }) {
  if (!trace) return [];
  const { pass, t } = cursor;
  const stack = trace.decoder ? "decoder" : "";
  const words = { heard: inputWords(trace, scene, stack), said: pass === "forward" ? outputWords(trace, scene) : null };
  /** @type {Stretch} */
  const own = { stack, rows: rows(trace, scene, cells, pass), steps, at: t, moving: false, ...words };
  if (!trace.encoder) return [own];
  const below = [...attended(trace), ...rows(trace, scene, cells, pass, "encoder")];
  return [own, { stack: "encoder", rows: below, steps: trace.encoder.steps, at: source, moving: true, heard: inputWords(trace, scene, "encoder"), said: null }];
}

/**
 * @param {Stretch} stretch
 * @param {Slice} slice
 * @param {{act: Act, room: Room, cap: number}} how
 */
function drawStretch(stretch, slice, { act, room, cap }) {
  const t = translator(slice.lang);
  const { steps, stack, rows: all } = stretch;
  const tops = all.map((row) => largest(/** @type {any} */ (row.values)));
  const seen = windowOf(steps, stretch.at, room.columns);
  const format = formatFor(room, seen.to - seen.from, slice.cursor.pass);
  const go = (/** @type {number} */ step) => (stack === "encoder" ? act.look(topOf(all), step) : act.go(step));
  const columns = Array.from({ length: seen.to - seen.from }, (_, index) => {
    const step = seen.from + index;
    return column(step, stretch, { slice, tops, cap, press: () => go(step), format });
  });
  const blank = (/** @type {unknown} */ words) => (words ? h("span", { class: "token" }, " ") : null);
  const signs = segments(all, (row) => tall(rowLabel(row, slice, act), row, cap));
  const labels = h("div", { class: "row-labels" }, blank(stretch.said), ...signs, blank(stretch.heard), h("span", { class: "step-number" }, "t"));
  const list = h("ol", { class: "columns", "data-before": seen.from > 0, "data-after": seen.to < steps }, ...columns.map(({ button }) => h("li", null, button)));
  const carried = all.reduce((found, row, index) => (row.carried ? index : found), 0);
  const whole = seen.to - seen.from < steps ? overview(all[carried].values, { top: tops[carried], go }) : null;
  const title = stack === "" ? null : h("h3", { class: "stretch-title" }, stack === "encoder" ? t("The encoder") : t("The decoder"));
  return {
    element: h("div", { class: `stretch ${stack}` }, title, whole?.element, h("div", { class: "picture" }, labels, list)),
    seen,
    /** @param {Slice} next */
    update(next) {
      columns.forEach((each) => each.update(next));
      whole?.update(seen, stack === "encoder" ? next.source : next.cursor.t);
    },
  };
}

/** @param {Row[]} all */
function topOf(all) {
  return all.find((row) => row.kind === "state")?.place ?? "";
}

/**
 * Boxes of the present step light what they belong to.
 * @param {HTMLElement} container
 * @param {Stretch} first
 * @param {{now: () => Slice, act: Act}} how
 */
function pointable(container, first, { now, act }) {
  const find = (/** @type {Event} */ event) => {
    const box = event.target instanceof Element ? event.target.closest(".stretch:first-child .column[data-tense=present] .box") : null;
    return pointedAt(first.rows[Number(box instanceof HTMLElement ? box.dataset.row : -1)], now());
  };
  container.onpointerover = (event) => act.hover(find(event));
  container.onpointerleave = () => act.hover(null);
}

/**
 * @param {HTMLElement} container
 * @param {Slice} slice
 * @param {{act: Act, room: Room}} how
 */
function build(container, slice, { act, room }) {
  let now = slice;
  const t = translator(slice.lang);
  if (!slice.trace) {
    container.replaceChildren(h("p", { class: "loading" }, t("Computing…")));
    return { update: () => {} };
  }
  const all = stretches(slice);
  const cap = capIn(container, all);
  const drawn = all.map((stretch) => drawStretch(stretch, slice, { act, room, cap }));
  const between = slice.trace.attention && drawn.length > 1 ? ribbons(slice, { decoder: drawn[0].seen, encoder: drawn[1].seen }) : null;
  container.dataset.pass = slice.cursor.pass;
  container.classList.toggle("two-ways", readsBothWays(slice));
  container.replaceChildren(drawn[0].element, ...(between ? [between.svg] : []), ...drawn.slice(1).map(({ element }) => element));
  pointable(container, all[0], { now: () => now, act });
  return {
    /** @param {Slice} next */
    update(next) {
      now = next;
      container.classList.toggle("pointing", next.hover !== null && next.cursor.t !== null);
      drawn.forEach((stretch) => stretch.update(next));
      between?.update(next);
    },
  };
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
    const { columns } = roomFor(width, slice);
    const from = windowOf(slice.steps, slice.cursor.t, columns).from;
    const below = slice.trace?.encoder ? windowOf(slice.trace.encoder.steps, slice.source, columns).from : 0;
    return [slice.key, slice.trace?.id, slice.lang, slice.notation, slice.cursor.pass, slice.place, from, below].join();
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
