/** Puts the numbers of a step into the nodes. */

/** @import {Update} from "./types.js" */
/** @import {Face, Unit} from "./parts.js" */

import { entriesOf, listed, openness, plain } from "./numbers.js";
import { svg } from "./svg.js";
import { symbolInto, written } from "./symbols.js";

/**
 * @param {Face} face
 * @param {Update} update
 */
export function show(face, update) {
  const { drawn } = face;
  const { node } = drawn;
  if (!node) return;
  const format = update.format ?? plain;
  const symbol = update.symbol ?? written;
  const before = node.kind === "previous";
  const forward = entriesOf(before ? update.previous : update.values, node.name ?? node.id);
  const backward = update.pass === "backward";
  const gradient = entriesOf(update.gradients, before ? node.id : node.name ?? node.id);
  const entries = backward ? gradient : forward;
  face.group.classList.toggle("dg-unknown", entries === null && (node.name !== null || !update.values));
  if (drawn.shape === "port") showEnd(face, entries, update, format);
  else if (face.bars) showBars(face, forward, entries, format);
  else showUnits(face, forward, entries, update, format);
  if (face.name && node.name) symbolInto(face.name, symbol(node.name, before));
  if (face.pre) face.pre.textContent = preActivation(face, update, format);
  if (face.value) face.value.textContent = entries ? one(entries, update, format) : "";
}

/**
 * @param {number[]} entries
 * @param {Update} update
 * @param {(value: number) => string} format
 */
function one(entries, { unit }, format) {
  if (unit === null || unit === undefined) return listed(entries, format);
  return format(entries[Math.min(unit, entries.length - 1)]);
}

/**
 * @param {Face} face
 * @param {number[] | null} entries
 * @param {Update} update
 * @param {(value: number) => string} format
 */
function showEnd(face, entries, update, format) {
  if (!entries) {
    face.lines.forEach((line, i) => { line.textContent = i ? "" : "?"; });
  } else if (face.lines.length > 1 && entries.length <= 3) {
    face.lines.forEach((line, i) => {
      line.textContent = i < entries.length ? format(entries[i]) : "";
      line.classList.toggle("dg-faint", typeof update.unit === "number" && update.unit !== i);
    });
  } else {
    const input = face.drawn.node?.kind === "input";
    const text = input ? listed(entries, format) : one(entries, update, format);
    face.lines.forEach((line, i) => { line.textContent = i ? "" : text; });
    face.lines[0].classList.toggle("dg-long", text.length > 8);
  }
}

/**
 * @param {Face} face
 * @param {number[] | null} forward
 * @param {number[] | null} entries
 * @param {Update} update
 * @param {(value: number) => string} format
 */
function showUnits(face, forward, entries, update, format) {
  face.units.forEach((unit, i) => {
    const unknown = face.drawn.node?.name ? "?" : face.drawn.label;
    unit.text.textContent = entries && i < entries.length ? format(entries[i]) : unknown;
    unit.text.classList.toggle("dg-long", (unit.text.textContent ?? "").length > (face.drawn.w < 60 ? 4 : 5));
    fill(unit, openness(forward, i, false));
    unit.group.classList.toggle("dg-single", update.unit === i && face.units.length > 1);
  });
}

/**
 * @param {Unit} unit
 * @param {number | null} open
 */
function fill(unit, open) {
  if (!unit.level) return;
  unit.level.style.transform = `translateY(${unit.height * (1 - (open ?? 0))}px)`;
}

/**
 * @param {Face} face
 * @param {number[] | null} forward
 * @param {number[] | null} entries
 * @param {(value: number) => string} format
 */
function showBars(face, forward, entries, format) {
  const [unit] = face.units;
  unit.text.textContent = entries ? listed(entries, format) : "?";
  const values = forward ?? [];
  const { x, w, shape } = face.drawn;
  const most = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
  const step = (w - 16) / Math.max(1, values.length);
  const base = shape === "valve" ? unit.top + unit.height : unit.top + unit.height / 2;
  const room = shape === "valve" ? unit.height : unit.height / 2;
  const width = Math.max(0.5, step * 0.8).toFixed(1);
  const bars = values.map((value, i) => {
    const tall = Number.isFinite(value) ? (value / most) * room : room;
    const [left, top] = [(x + 8 + i * step).toFixed(1), (base - Math.max(0, tall)).toFixed(1)];
    return `M${left} ${top}h${width}v${Math.max(0.5, Math.abs(tall)).toFixed(1)}h-${width}z`;
  });
  // One path for all of them: hundreds of elements would be as many to lay out.
  if (face.bars) face.bars.replaceChildren(svg("path", { d: bars.join(""), "data-count": values.length }));
}

/**
 * `σ(90)` where the pre-activation is known, else the function's name; `1−f` for a tied gate.
 * @param {Face} face
 * @param {Update} update
 * @param {(value: number) => string} format
 */
function preActivation(face, update, format) {
  const { node, label } = face.drawn;
  if (!node?.learned) return label;
  if (!node.name && !update.values?.[node.id]) return ""; // it stands inside
  const entries = entriesOf(update.values, node.pre);
  if (!entries || label === "Σ") return label;
  const unit = update.unit ?? (entries.length === 1 ? 0 : null);
  return unit === null ? label : `${label}(${format(entries[Math.min(unit, entries.length - 1)])})`;
}
