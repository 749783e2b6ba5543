/**
 * The cell at this step: the diagram drawn from its graph, with the numbers of the step.
 */
import { fit, mount } from "../diagram/index.js";
import { h, keyed } from "../dom.js";
import { rounded, sized } from "../model/number.js";
import { parts, placeOf } from "../state/model.js";
import { list, nameOf } from "../words/names.js";
import { inLanguage, translator } from "../words/translate.js";
import { symbolIn } from "./symbol.js";

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {{lang: string, theme: string, notation: string, key: string, place: string, reached: number, cell: Cell | undefined,
 *            frame: import("../words/sentences.js").Frame, units: number, hover: string | null, stage: import("../model/stages.js").Reached,
 *            cursor: import("../state/model.js").Cursor}} Slice
 * @typedef {{select: (node: string | null) => void, hover: (name: string | null) => void}} Act
 */

/**
 * What a node of the graph is called and how much it is, for those who listen.
 * @param {any} node
 * @param {Slice} slice
 */
function nodeLabel(node, slice) {
  const t = translator(slice.lang);
  const { values, previous, gradients } = slice.frame;
  const before = node.kind === "previous";
  const bare = String(node.name ?? node.id).replace("[t-1]", "");
  const role = slice.cell?.equations.find((equation) => equation.name === bare)?.role ?? node.role;
  const words = before ? t("{name} of the step before", { name: nameOf(bare, role, t) }) : nameOf(bare, role, t);
  if (!node.name && !before) return node.label ?? node.operation ?? node.id;
  const source = before ? previous : slice.cursor.pass === "backward" ? gradients : values;
  const shown = source?.[bare];
  return shown ? `${words}: ${list(shown, t, slice.cursor.pass === "backward" ? sized : rounded)}` : words;
}

/**
 * The address a node's arithmetic opens at.
 * @param {string} id
 * @param {Slice} slice
 */
function addressOf(id, { cell, place }) {
  const node = cell?.graph.nodes.find((/** @type {any} */ each) => each.id === id);
  return node?.name && cell?.equations.some(({ name }) => name === node.name) ? `${place}.${node.name}[0]` : null;
}

/**
 * The drawing for the room there is, its text as large as the page's where it can be, and never
 * smaller than the theme allows.
 * @param {HTMLElement} container
 * @param {Slice} slice
 */
function drawingFor(container, slice) {
  const cell = /** @type {Cell} */ (slice.cell);
  const width = Math.max(240, container.clientWidth);
  const size = Number.parseFloat(getComputedStyle(container).fontSize) || 16;
  const least = slice.theme === "projector" ? 18 : 14;
  const about = { width, ...sizesOf(cell, slice) };
  const height = heightOf(container);
  if (height !== undefined) return fit(cell.graph, { ...about, height, least, text: Math.max(least, Math.round(size * 1.1)) });
  const generous = fit(cell.graph, { ...about, text: Math.max(least, Math.round(size * 0.86)) });
  return generous.orientation === "across" ? generous : fit(cell.graph, { ...about, text: least });
}

/**
 * How high the drawing may be, where the page's dress gives it the height that is left (`--fits`).
 * @param {HTMLElement} container
 */
function heightOf(container) {
  const fits = getComputedStyle(container).getPropertyValue("--fits").trim() === "1";
  return fits ? Math.max(200, container.clientHeight) : undefined;
}

/**
 * @param {Cell} cell
 * @param {Slice} slice
 */
function sizesOf(cell, { frame, units }) {
  const x = frame.values?.x?.length;
  return { units, sizes: { ...(x ? { input: x } : {}), units }, functions: functionsOf(cell) };
}

/**
 * What the chosen functions are written as.
 * @param {Cell} cell
 */
function functionsOf(cell) {
  /** @type {Record<string, string>} */
  const short = { identity: "id", sigmoid: "σ" };
  const chosen = Object.entries(cell.chosen ?? {});
  return Object.fromEntries(chosen.map(([option, name]) => [option, short[name] ?? name]));
}

/**
 * @param {HTMLElement} container
 * @param {Slice} first
 * @param {Act} act
 */
function build(container, first, act) {
  if (!first.cell) return { update: () => {} };
  const { cell } = first;
  let slice = first;
  let last = first.reached;
  const drawing = drawingFor(container, first);
  const t = translator(first.lang);
  const title = inLanguage(cell.title, first.lang);
  const picture = h("div", { class: "diagram", role: "group", "aria-label": t("{title}: the cell at this step", { title }) });
  picture.classList.toggle("scrolls", drawing.width > container.clientWidth);
  container.replaceChildren(picture);
  const diagram = mount(picture, drawing, {
    onselect: (id) => act.select(addressOf(id, slice)),
    onhover: (id) => act.hover(id),
    label: (node) => nodeLabel(node, slice),
  });
  return {
    /** @param {Slice} next */
    update(next) {
      slice = next;
      diagram.update({ ...drawn(next), animate: next.reached === last + 1 });
      last = next.reached;
    },
    unmount: () => diagram.unmount(),
  };
}

/**
 * The values of this place among some addresses.
 * @param {string} place
 * @param {Iterable<string>} addresses
 */
function namesAt(place, addresses) {
  return [...addresses].filter((address) => placeOf(address) === place).map((address) => parts(address).name);
}

/**
 * @param {Slice} slice
 */
function drawn({ frame, cursor, hover, lang, cell, notation, place, stage }) {
  const t = translator(lang);
  const selected = cursor.node === null ? null : parts(cursor.node);
  const show = cursor.pass === "backward" ? sized : rounded;
  return {
    values: frame.values,
    previous: frame.previous,
    gradients: frame.gradients,
    pass: cursor.pass,
    reached: stage.reached && namesAt(place, stage.reached),
    current: namesAt(place, stage.current),
    selected: selected?.name ?? null,
    unit: selected?.unit ?? null,
    pointed: hover?.startsWith("readout.") ? (cell?.output ?? null) : hover,
    format: (/** @type {unknown} */ value) => show(value, t("not a number")),
    symbol: (/** @type {string} */ name, /** @type {boolean} */ previous) =>
      symbolIn(cell, previous ? `${name}[t-1]` : name, notation)?.text ?? name,
  };
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function cell(container, source, act) {
  const measure = () => `${container.clientWidth} ${heightOf(container) ?? ""}`;
  let room = measure();
  /** @param {Slice} slice */
  const keyOf = (slice) => [slice.key, slice.place, slice.cell?.id, slice.units, slice.lang, slice.theme].join();
  let unmount = keyed(source, keyOf, (slice) => build(container, slice, act));
  const observer = new ResizeObserver(() => {
    const next = measure();
    if (next === room) return;
    room = next;
    unmount();
    unmount = keyed(source, keyOf, (slice) => build(container, slice, act));
  });
  observer.observe(container);
  return () => {
    observer.disconnect();
    unmount();
  };
}
