/** Builds what a node looks like; `faces.js` puts the numbers of a step into it. */

/** @import {DrawnNode} from "./types.js" */

import { ROW, VALVES } from "./metrics.js";
import { svg } from "./svg.js";

/**
 * @typedef {object} Unit one entry's own shape
 * @property {SVGRectElement | null} level
 * @property {SVGTextElement} text
 * @property {SVGGElement} group
 * @property {number} top
 * @property {number} height
 */

/**
 * @typedef {object} Face
 * @property {DrawnNode} drawn
 * @property {SVGGElement} group
 * @property {Unit[]} units
 * @property {SVGTextElement | null} name
 * @property {SVGTextElement | null} value
 * @property {SVGTextElement | null} pre
 * @property {SVGTextElement[]} lines the stacked numbers of an end
 * @property {SVGGElement | null} bars
 */

let serial = 0;

/**
 * @param {DrawnNode} drawn
 * @param {{scale: number, upright: boolean}} about
 * @returns {Face}
 */
export function build(drawn, about) {
  const group = svg("g", { class: `dg-node dg-${drawn.shape} dg-role-${drawn.tone}` });
  group.dataset.id = drawn.id;
  /** @type {Face} */
  const face = { drawn, group, units: [], name: null, value: null, pre: null, lines: [], bars: null };
  if (drawn.shape === "junction") return junction(face);
  group.append(focusRing(drawn));
  if (drawn.shape === "port") port(face, about);
  else if (drawn.shape === "circle" || drawn.shape === "pill") operation(face);
  else if (drawn.entries === 1) single(face);
  else if (drawn.entries <= VALVES) column(face, about.scale);
  else bars(face);
  beside(face);
  group.append(hitArea(drawn));
  return face;
}

/** @param {Face} face */
function junction(face) {
  const { x, y, w, h } = face.drawn;
  face.group.append(svg("circle", { cx: x + w / 2, cy: y + h / 2, r: 4, class: "dg-dot" }));
  return face;
}

/** @param {DrawnNode} drawn */
function focusRing({ x, y, w, h, shape, entries }) {
  const circular = shape === "circle" || shape === "pill" || (shape === "valve" && entries === 1);
  const round = circular ? Math.min(w, h) / 2 + 5 : 12;
  return svg("rect", { x: x - 5, y: y - 5, width: w + 10, height: h + 10, rx: round, class: "dg-ring" });
}

/** At least 24 px, whatever is drawn. @param {DrawnNode} drawn */
function hitArea({ x, y, w, h }) {
  const [more, higher] = [Math.max(0, 44 - w) / 2, Math.max(0, 44 - h) / 2];
  return svg("rect", {
    x: x - more, y: y - higher, width: w + 2 * more, height: h + 2 * higher, class: "dg-hit",
  });
}

/** @param {Face} face */
function single(face) {
  const { x, y, w, h, shape } = face.drawn;
  const valve = shape === "valve";
  const outline = valve
    ? svg("circle", { cx: x + w / 2, cy: y + h / 2, r: w / 2 - 1.5, class: "dg-body" })
    : svg("rect", { x: x + 1, y: y + 1, width: w - 2, height: h - 2, rx: 11, class: "dg-body" });
  const text = svg("text", { x: x + w / 2, y: y + h / 2, class: "dg-number", "text-anchor": "middle" });
  const group = svg("g", { class: "dg-unit" });
  group.append(outline);
  const level = valve ? filling(group, x + 3, y + 3, w - 6) : null;
  group.append(text);
  face.group.append(group);
  face.units.push({ level, text, group, top: y + 3, height: w - 6 });
}

/**
 * What fills a valve to its value: a rectangle seen through a circle.
 * @param {Element} group
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function filling(group, x, y, size) {
  serial += 1;
  const id = `dg-clip-${serial}`;
  const circle = svg("circle", { cx: x + size / 2, cy: y + size / 2, r: size / 2 });
  const level = svg("rect", {
    x, y, width: size, height: size, class: "dg-level", "clip-path": `url(#${id})`,
  });
  const inside = svg("g", { "clip-path": `url(#${id})` }, [level]);
  level.removeAttribute("clip-path");
  group.append(svg("clipPath", { id }, [circle]), inside);
  return level;
}

/**
 * Several units: a column of numbers, each with a small valve where they are gates.
 * @param {Face} face
 * @param {number} scale
 */
function column(face, scale) {
  const { x, y, w, h, shape, entries } = face.drawn;
  face.group.append(svg("rect", { x, y, width: w, height: h, rx: 12, class: "dg-body" }));
  const row = ROW * scale;
  const size = 18 * scale;
  for (let i = 0; i < entries; i += 1) {
    const top = y + 6 * scale + i * row + (row - size) / 2;
    const group = svg("g", { class: "dg-unit" });
    group.append(svg("rect", {
      x: x + 3, y: y + 6 * scale + i * row, width: w - 6, height: row, rx: 6, class: "dg-chosen",
    }));
    const left = x + 7 * scale;
    const valve = shape === "valve";
    if (valve) {
      const circle = { cx: left + size / 2, cy: top + size / 2, r: size / 2 };
      group.append(svg("circle", { ...circle, class: "dg-small-body" }));
    }
    const level = valve ? filling(group, left + 1, top + 1, size - 2) : null;
    const text = svg("text", {
      x: valve ? x + w - 7 * scale : x + w / 2, y: top + size / 2, class: "dg-number dg-tight",
      "text-anchor": valve ? "end" : "middle",
    });
    group.append(text);
    face.group.append(group);
    face.units.push({ level, text, group, top: top + 1, height: size - 2 });
  }
}

/** Many units: bars, and the least and greatest number. @param {Face} face */
function bars(face) {
  const { x, y, w, h } = face.drawn;
  face.group.append(svg("rect", { x, y, width: w, height: h, rx: 12, class: "dg-body" }));
  face.bars = svg("g", { class: "dg-bars" });
  const text = svg("text", { x: x + w / 2, y: y + h - 13, class: "dg-number dg-tight", "text-anchor": "middle" });
  const group = svg("g", {}, [face.bars, text]);
  face.group.append(group);
  face.units.push({ level: null, text, group, top: y + 8, height: h - 34 });
}

/** @param {Face} face */
function operation(face) {
  const { x, y, w, h, label, shape } = face.drawn;
  const rx = shape === "circle" ? w / 2 : h / 2;
  face.group.append(
    svg("rect", { x: x + 1, y: y + 1, width: w - 2, height: h - 2, rx, class: "dg-body" }),
    sign(face.drawn, label),
  );
}

/**
 * Drawn signs for + − ×, which sit truer in their circle than letters do.
 * @param {DrawnNode} drawn
 * @param {string} label
 */
function sign({ x, y, w, h }, label) {
  const [cx, cy, r] = [x + w / 2, y + h / 2, w * 0.19];
  const strokes = {
    "+": `M${cx - r},${cy}h${2 * r}M${cx},${cy - r}v${2 * r}`,
    "−": `M${cx - r},${cy}h${2 * r}`,
    "×": `M${cx - r * 0.8},${cy - r * 0.8}l${1.6 * r},${1.6 * r}m0,${-1.6 * r}l${-1.6 * r},${1.6 * r}`,
  }[label];
  if (strokes) return svg("path", { d: strokes, class: "dg-sign" });
  const text = svg("text", { x: cx, y: cy, class: "dg-label", "text-anchor": "middle" });
  text.textContent = label;
  return text;
}

/**
 * @param {Face} face
 * @param {{scale: number, upright: boolean}} about
 */
function port(face, { scale, upright }) {
  const { x, y, w, h, end, node, entries } = face.drawn;
  const input = node?.kind === "input";
  face.group.classList.toggle("dg-entry", input);
  // How many entries an input has is often not known before its first step: room for three.
  const known = entries > 1 && entries <= 3 ? entries : 1;
  const count = upright ? (input ? 3 : known) : 1;
  const line = 20 * scale;
  const middle = x + w / 2;
  const put = (/** @type {number} */ px, /** @type {number} */ py, /** @type {string} */ anchor,
    /** @type {string} */ kind) => svg("text", { x: px, y: py, "text-anchor": anchor, class: kind });
  if (input && !upright) {
    face.lines = [put(middle, y + 13 * scale, "middle", "dg-number dg-end")];
    face.name = put(middle, y + 34 * scale, "middle", "dg-name");
  } else if (upright) {
    const top = end === "out" || input ? y + 12 * scale : y + 10 * scale;
    const px = input ? x + w / 2 + 4 * scale : middle;
    face.name = put(px, top, "middle", "dg-name");
    face.lines = stack(count, (i) => put(px, top + line * (i + 1), "middle", "dg-number dg-end"));
  } else {
    face.lines = [put(middle, y + h / 2 - 16 * scale, "middle", "dg-number dg-end")];
    face.name = put(middle, y + h / 2 + 19 * scale, "middle", "dg-name");
  }
  face.group.append(...face.lines, face.name);
}

/**
 * @param {number} count
 * @param {(i: number) => SVGTextElement} make
 */
function stack(count, make) {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** @param {Face} face */
function beside(face) {
  const { texts } = face.drawn;
  const put = (/** @type {import("./types.js").Spot | undefined} */ spot, /** @type {string} */ kind) => {
    if (!spot) return null;
    const text = svg("text", { x: spot.x, y: spot.y, "text-anchor": spot.anchor, class: kind });
    face.group.append(text);
    return text;
  };
  face.name = put(texts.name, "dg-name") ?? face.name;
  face.pre = put(texts.pre, "dg-pre");
  face.value = put(texts.value, "dg-value");
}
