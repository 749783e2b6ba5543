/**
 * One step's column of the unrolled picture: its boxes, layer over layer, and how they are filled.
 */
import { h } from "../dom.js";
import { rounded, sized } from "../model/number.js";
import { relatedTo } from "../model/related.js";
import { isReached } from "../model/stages.js";
import { tense } from "../model/trace.js";
import { list, nameOf } from "../words/names.js";
import { translator } from "../words/translate.js";
import { PRINTED, fill, vector } from "./vector.js";

/**
 * @typedef {import("../model/rows.js").Row} Row
 * @typedef {import("./strip.js").Slice} Slice
 * @typedef {import("./strip.js").Stretch} Stretch
 */

/** @param {Row} row */
export function unitsOf(row) {
  return row.values.find((each) => each?.length)?.length ?? 1;
}

const BAND = 4; // cells, for a vector too wide for its numbers

/**
 * How many cells a row is high where at most `cap` may stand over each other.
 * @param {Row} row
 * @param {number} cap
 */
export function heightOf(row, cap) {
  const units = unitsOf(row);
  return Math.min(units > PRINTED ? BAND : units, cap);
}

/**
 * Boxes and the labels beside them are as tall as the row's vectors, up to the cells there is room for.
 * @param {HTMLElement} element
 * @param {Row} row
 * @param {number} cap
 */
export function tall(element, row, cap) {
  element.style.setProperty("--units", String(heightOf(row, cap)));
  return element;
}

/**
 * Rows in the segments they are drawn in: a direction of a layer is one, and where a layer reads both
 * ways a bar above it gathers what they made.
 * @param {Row[]} rows
 * @param {(row: Row) => Element} draw
 * @returns {Element[]}
 */
export function segments(rows, draw) {
  /** @type {Element[]} */
  const found = [];
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const both = row.kind === "state" && rows.some((each) => each.layer === row.layer && each.direction !== row.direction);
    if (index > 0 && row.kind === "state" && before.place === row.place) return found.at(-1)?.append(draw(row));
    if (both && before?.layer !== row.layer) found.push(h("span", { class: "merge" }));
    found.push(h("span", { class: `segment${both ? ` both ${row.direction}` : ""}` }, draw(row)));
  });
  return found;
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
 * Where a column stands in the walk. An encoder has been through when the walk begins; its gradients
 * come when the decoder's have been through.
 * @param {number} step
 * @param {Stretch} stretch
 * @param {Slice} slice
 * @returns {"past" | "present" | "future"}
 */
function standing(step, { stack }, { cursor: { t, pass }, stage }) {
  if (stack !== "encoder") return /** @type {any} */ (tense(step, t, pass));
  return pass === "forward" || (t === 0 && stage.reached === null) ? "past" : "future";
}

/**
 * What a box of the present step is called where values are pointed at; nothing if it belongs elsewhere.
 * @param {Row | undefined} row
 * @param {Slice} slice
 * @returns {string | null}
 */
export function pointedAt(row, { place }) {
  if (!row) return null;
  if (row.place === "readout") return "readout.y";
  if (row.place === null) return place.includes("layers.0.") ? "x" : null;
  return row.place === place ? row.name : null;
}

/**
 * Whether a box is lit with the value that is pointed at: the present step's, and what came from the one before.
 * @param {Row} row
 * @param {number} step
 * @param {Slice} slice
 */
export function isLit(row, step, { cell, hover, cursor: { t }, place, stretchOf }) {
  const related = relatedTo(cell, hover);
  if (!related || t === null) return false;
  const here = stretchOf(place) === "encoder" ? null : t;
  const before = place.endsWith(".backward") ? t + 1 : t - 1;
  if (row.place === place && step === before) return related.has(`${row.name}[t-1]`);
  if (step !== here) return false;
  if (row.place === "readout") return related.has("readout.y");
  if (row.place === null) return place.includes("layers.0.") && related.has("x");
  return row.place === place && related.has(row.name);
}

/**
 * @param {number} step
 * @param {Stretch} stretch
 * @param {{slice: Slice, tops: number[], cap: number, press: () => void, format: typeof rounded}} how
 */
export function column(step, stretch, { slice, tops, cap, press, format }) {
  const t = translator(slice.lang);
  const all = stretch.rows;
  const backward = slice.cursor.pass === "backward";
  const vectors = all.map((row) => vector(unitsOf(row), cap));
  const boxes = all.map((row, index) =>
    tall(h("span", { class: `box box-${row.kind} role-${row.role}${row.carried ? " carried" : ""}`, "data-row": index }, vectors[index]), row, cap),
  );
  const number = h("span", { class: "step-number" }, String(step + 1));
  const drawn = segments(all, (row) => boxes[all.indexOf(row)]);
  const heard = stretch.heard && h("span", { class: "token" }, stretch.heard[step] ?? "");
  const answer = stretch.said && h("span", { class: "token answer" });
  const button = h("button", { type: "button", class: "column", "data-step": step, on: { click: press } }, answer, ...drawn, heard, number);
  let said = "";
  /** @param {Slice} now */
  const update = (now) => {
    const { cursor, stage } = now;
    const when = standing(step, stretch, now);
    button.dataset.tense = when;
    const current = when === "present" || (stretch.stack === "encoder" && now.stretchOf(now.place) === "encoder" && now.source === step);
    if (current) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    const open = (/** @type {Row} */ row) => (when === "present" ? rowReached(row, stage, backward) : when === "past" || (row.kind === "input" && !backward));
    const known = all.map((row) => (row.of ? row.of(now, step) : open(row) ? row.values[step] : null));
    known.forEach((values, index) => {
      boxes[index].dataset.known = String(values !== null);
      boxes[index].classList.toggle("lit", now.hover !== null && isLit(all[index], step, now));
      fill(vectors[index], values ?? null, { top: tops[index], words: t("not a number"), format });
    });
    const word = known[0] ? (stretch.said?.[step] ?? "") : "";
    if (answer && answer.textContent !== word) answer.textContent = word;
    const key = `${when} ${cursor.pass} ${known.map((values) => values !== null)} ${stretch.moving ? cursor.t : ""}`;
    if (key === said) return; // words are many; most columns keep theirs from step to step
    said = key;
    const words = all.map((row, index) => (known[index] ? `${nameOf(row.name, row.role, t)} ${list(known[index] ?? [], t, backward ? sized : rounded)}` : ""));
    const tokens = [stretch.heard?.[step] ? t("in: {word}", { word: stretch.heard[step] ?? "" }) : "", word ? t("likeliest: {word}", { word }) : ""];
    button.setAttribute("aria-label", [t("Step {t}", { t: step + 1 }), ...[...tokens, ...words].filter(Boolean)].join(t("; ")));
  };
  return { button, update };
}
