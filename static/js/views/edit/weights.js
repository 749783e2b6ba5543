/**
 * The weights, a group at a time, as matrices of colour cells.
 */
import { h } from "../../dom.js";
import { paste, parse } from "../../edit/sheet.js";
import { drawAnew, effective, groups, setWeight, setWeights } from "../../edit/weights.js";
import { action, chooser } from "./controls.js";
import { grid, roomFor } from "./grid.js";

/** @typedef {import("./panel.js").Section} Section */
/** @typedef {import("./panel.js").Slice} Slice */

/** @type {Section} */
export const weights = {
  name: "weights",
  title: (t) => t("Weights"),
  fields: [],
  key: (slice) => JSON.stringify([groups(slice.document).map(({ place }) => place), chosen(slice).place, shapes(shown(slice))]),
  build(slice, about) {
    const { t, act, look } = about;
    const all = groups(slice.document);
    const { place, path } = chosen(slice);
    const parameters = Object.entries(shown(slice));
    const room = roomFor(parameters.filter(([, value]) => Array.isArray(value[0])).length || 1);
    const matrices = parameters.map(([name, value]) => matrix({ name, value, place, field: dotted([...path, name]), room }, slice, about));
    const which = all.length < 2 ? null : chooser({ label: t("Weights of"), field: "weights.of", value: place, options: all.map((each) => [each.place, nameOf(each.place, t)]), choose: look });
    const seeded = h("p", { class: "edit-note" });
    return {
      element: h("div", null, which, seeded, ...together(matrices), action(t("Draw these weights anew"), () => act.edit((/** @type {any} */ before, /** @type {any} */ trace) => drawAnew(before, trace, place)), undefined, "draw")),
      update(next) {
        const group = groups(next.document).find((each) => each.place === place);
        seeded.textContent = group?.seeded ? t("Drawn at random from the seed {seed}; the first change writes them down.", { seed: next.document.seed }) : "";
        seeded.hidden = !group?.seeded;
        const values = shown(next);
        const own = ownOf(next, place);
        matrices.forEach((each) => each.update(values, own));
      },
    };
  },
};

/**
 * Matrices that make one value stand together: W_f, U_f, b_f.
 * @param {{name: string, element: HTMLElement}[]} matrices
 */
function together(matrices) {
  /** @type {Map<string, HTMLElement[]>} */
  const rows = new Map();
  for (const { name, element } of matrices) {
    const [, made = ""] = /_(.*)$/.exec(name) ?? [];
    rows.set(made, [...(rows.get(made) ?? []), element]);
  }
  return [...rows.values()].map((elements) => h("div", { class: "edit-matrices" }, ...elements));
}

/**
 * The group in view: the one chosen, or the first.
 * @param {Slice} slice
 */
function chosen({ document, place }) {
  const all = groups(document);
  return all.find((group) => group.place === place) ?? all[0];
}

/** @param {Slice} slice */
function shown(slice) {
  return effective(slice.document, chosen(slice), slice.trace);
}

/**
 * What the lesson has in a group, as far as it is known.
 * @param {Slice} slice
 * @param {string} place
 * @returns {Record<string, any>}
 */
function ownOf({ own, ownTrace }, place) {
  const group = own && groups(own).find((each) => each.place === place);
  return group ? effective(own, group, ownTrace) : {};
}

/** @param {Record<string, any>} parameters */
function shapes(parameters) {
  return Object.entries(parameters).map(([name, value]) => [name, value.length, value[0]?.length]);
}

/**
 * @param {(string | number)[]} path
 * @returns {string} as errors name a field
 */
export function dotted(path) {
  return path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("").slice(1);
}

/**
 * @param {string} place
 * @param {(text: string, vars?: Record<string, string | number>) => string} t
 */
function nameOf(place, t) {
  if (place === "readout") return t("the readout");
  if (place === "decoder.attention") return t("the attention");
  const [direction, index, , part] = place.split(".").reverse();
  const layer = Number(index) + 1;
  const way = direction === "forward" ? t("forward") : t("backward");
  if (part === "encoder") return t("encoder layer {layer}, {direction}", { layer, direction: way });
  if (part === "decoder") return t("decoder layer {layer}, {direction}", { layer, direction: way });
  return t("layer {layer}, {direction}", { layer, direction: way });
}

/**
 * @param {{name: string, value: any, place: string, field: string, room: {rows: number, columns: number}}} which
 * @param {Slice} slice
 * @param {import("./panel.js").About} about
 */
function matrix({ name, value, place, field, room }, slice, { t, act, symbolOf }) {
  const vector = !Array.isArray(value[0]);
  const asRows = (/** @type {any} */ given) => (given && vector ? given.map((/** @type {number} */ each) => [each]) : given);
  const rows = asRows(value);
  const where = { place, name };
  const layer = place === "readout" ? null : Number(place.split(".").at(-2));
  const title = h("span", null, symbolOf(name, layer), ` ${rows.length} × ${rows[0].length}`);
  const numbers = grid({
    caption: name, field, room,
    rows: rows.map((/** @type {any} */ _, /** @type {number} */ i) => (rows.length > 1 ? String(i + 1) : "")),
    columns: rows[0].map((/** @type {any} */ _, /** @type {number} */ j) => (rows[0].length > 1 ? String(j + 1) : "")),
    label: (i, j) => (vector ? t("{name}, entry {row}", { name, row: i + 1 }) : t("{name}, row {row}, column {column}", { name, row: i + 1, column: j + 1 })),
    changed: (own) => t("the lesson has {own}", { own }),
    set: (i, j, number, tag) => act.edit((/** @type {any} */ scene, /** @type {any} */ trace) => setWeight(scene, trace, { ...where, at: vector ? [i] : [i, j] }, number), tag),
    paste(i, j, text) {
      const { rows: table } = parse(text);
      if (!table?.length) return;
      act.edit((/** @type {any} */ scene, /** @type {any} */ trace) =>
        setWeights(scene, trace, where, (before) => {
          const pasted = paste(asRows(before), table, { row: i, column: j, grows: false });
          return vector ? pasted.map(([each]) => each) : pasted;
        }),
      );
    },
  });
  const { rows: height, columns: width } = numbers.shown;
  const cut = height < rows.length || width < rows[0].length ? h("p", { class: "edit-note" }, t("The first {rows} rows and {columns} columns.", { rows: height, columns: width })) : null;
  const element = h("section", { class: "edit-block edit-matrix" }, h("h3", null, title), numbers.element, cut);
  return {
    name,
    element,
    /** @param {Record<string, any>} values @param {Record<string, any>} own */
    update: (values, own) => numbers.update(asRows(values[name]) ?? rows, asRows(own[name]) ?? null),
  };
}

