/**
 * The course of a training while it goes on: loss, and the gradient's norm before and after clipping.
 */
import { curve, decades } from "../../training/curve.js";

/**
 * @typedef {import("../../training/course.js").Report} Report
 */

const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 150;
const MARGIN = 14;
const LEFT = 42;
/** @type {Record<string, string>} what a logarithm has no place for */
const SYMBOLS = { 0: "0", Infinity: "∞", "-Infinity": "−∞", NaN: "?" };

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @param {Report[]} reports
 * @param {{field: keyof Report, kind: string}[]} lines
 * @param {string} words what the picture shows
 * @param {number} width pixels; drawn at its own size, so that letters keep theirs
 */
export function curves(reports, lines, words, width) {
  const room = { width: Math.max(200, width) - LEFT, height: HEIGHT, margin: MARGIN };
  const updates = reports.map(({ update }) => update);
  const scale = decades(lines.flatMap(({ field }) => reports.map((report) => report[field])));
  const drawn = lines.map(({ field, kind }) => {
    const { line, marks } = curve(updates, reports.map((report) => report[field]), scale, room);
    const gaps = marks.map(({ x, y, value }) => s("text", { x, y, class: "course-gap" }, SYMBOLS[String(value)] ?? ""));
    const last = line === "" ? [] : [s("circle", { r: 4, cx: line.split(/[ML ]/).at(-2) ?? 0, cy: line.split(" ").at(-1) ?? 0 })];
    return s("g", { class: `course-line course-${kind}` }, s("path", { d: line || "M0 0" }), ...last, ...gaps);
  });
  const power = (/** @type {number} */ value, /** @type {number} */ y) =>
    s("text", { x: 2, y, class: "course-power" }, "10", s("tspan", { dy: -5, class: "course-exponent" }, String(value).replace("-", "−")));
  const base = HEIGHT - MARGIN;
  const { low, high } = scale;
  return s(
    "svg",
    { viewBox: `0 0 ${room.width + LEFT} ${HEIGHT + 8}`, class: "course", role: "img", "aria-label": words },
    power(high, MARGIN + 6),
    power(low, base + 4),
    s("g", { transform: `translate(${LEFT} 0)` }, s("path", { class: "course-axis", d: `M0 ${MARGIN - 6}V${base + 6}H${room.width}` }), ...drawn),
  );
}
