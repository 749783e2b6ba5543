/**
 * What the network reads: rows of numbers or a text, and the memory it starts with.
 */
import { h } from "../../dom.js";
import { get, put } from "../../edit/document.js";
import { fit } from "../../edit/fit.js";
import { parse, paste } from "../../edit/sheet.js";
import { addRow, removeRow } from "../../edit/structure.js";
import { action, block, chooser, labelled, tick } from "./controls.js";
import { grid } from "./grid.js";

/** @typedef {import("./panel.js").Section} Section */
/** @typedef {import("./panel.js").About} About */

/** @type {Section} */
export const inputs = {
  name: "inputs",
  title: (t) => t("Inputs"),
  fields: ["inputs", "decoder_inputs", "text", "encoding", "static", "initial", "labels"],
  key: ({ document: { inputs: rows, decoder_inputs: second, text, encoding, network, initial }, trace, stretch }) =>
    JSON.stringify([stretchOf(rows ?? [], stretch), rows?.length, rows?.[0]?.length, second?.length, second?.[0]?.length, text === undefined, encoding?.kind, network.shape, states(trace).map(({ place, names }) => [place, names.map(({ size }) => size)]), initial === undefined]),
  build(slice, about) {
    const parts = [
      slice.document.text === undefined ? sequence("inputs", slice, about) : writing(slice, about),
      ...(slice.document.decoder_inputs ? [sequence("decoder_inputs", slice, about)] : []),
      ...starts(slice, about),
    ];
    return { element: h("div", null, ...parts.map(({ element }) => element)), update: (next) => parts.forEach(({ update }) => update(next)) };
  },
};

const ROWS = 40;

/**
 * The first row that is shown: of a long sequence those around the step in view.
 * @param {any[]} rows
 * @param {number} stretch
 */
function stretchOf(rows, stretch) {
  return rows.length > ROWS ? Math.min(stretch, Math.floor((rows.length - 1) / ROWS)) * ROWS : 0;
}

/**
 * @param {"inputs" | "decoder_inputs"} field
 * @param {import("./panel.js").Slice} slice
 * @param {About} about
 */
function sequence(field, { document: scene, stretch }, { t, act, shapesOf }) {
  const rows = scene[field] ?? [[0]];
  const from = stretchOf(rows, stretch);
  const here = (/** @type {any[]} */ all) => all.slice(from, from + ROWS);
  const features = scene.labels?.features;
  const one = field === "inputs" && scene.network.shape.startsWith("one-");
  /** @param {(scene: any) => any} change @param {string | null} [tag] */
  const edit = (change, tag) => act.edit((/** @type {any} */ before) => mended(change(before), shapesOf), tag);
  const title = field === "inputs" ? t("Input of each step") : t("What the decoder reads");
  const numbers = grid({
    caption: title, field,
    rows: here(rows).map((/** @type {any} */ _, /** @type {number} */ i) => String(from + i + 1)),
    columns: rows[0].map((/** @type {any} */ _, /** @type {number} */ j) => features?.[j] ?? `x${j + 1}`),
    label: (i, j) => t("Step {t}, input {number}", { t: from + i + 1, number: j + 1 }),
    changed: (own) => t("the lesson has {own}", { own }),
    set: (i, j, value, tag) => act.edit((/** @type {any} */ before) => put(before, [field, from + i, j], value), tag),
    paste: (i, j, text) => pasteInto(text, (table) => edit((before) => ({ ...before, [field]: paste(before[field], table, { row: from + i, column: j, grows: !one }) }))),
    ...(one || field !== "inputs" ? {} : { after: (i) => (rows.length > 1 ? action(t("Remove step {t}", { t: from + i + 1 }), () => edit((before) => removeRow(before, from + i)), "close", `remove[${from + i}]`) : null) }),
  });
  const part = rows.length > ROWS ? h("p", { class: "edit-note" }, t("Steps {from} to {to} of {steps}; go to another step to edit those around it.", { from: from + 1, to: Math.min(rows.length, from + ROWS), steps: rows.length })) : null;
  const message = h("p", { class: "edit-message", role: "status" });
  /** @param {string} text @param {(table: number[][]) => void} take */
  function pasteInto(text, take) {
    const { rows: table, problem } = parse(text);
    message.textContent = problem ? t("Line {row}, column {column}: a number was expected, not “{text}”.", problem) : "";
    if (table?.length) take(table);
  }
  const width = (/** @type {number} */ by) =>
    edit((before) => ({ ...before, [field]: before[field].map((/** @type {number[]} */ row) => (by > 0 ? [...row, 0] : row.slice(0, -1))) }));
  const area = h("textarea", { rows: 4, spellcheck: "false", "data-field": `${field}.table`, placeholder: "3\t1\t0\n4\t1\t0" });
  const more = h(
    "div",
    { class: "edit-actions" },
    one || field !== "inputs" ? null : action(t("Add a step"), () => edit((before) => addRow(before, before.inputs.length)), undefined, "add-row"),
    action(t("Add an input"), () => width(1), undefined, "add-column"),
    rows[0].length > 1 ? action(t("Remove the last input"), () => width(-1), undefined, "remove-column") : null,
  );
  const pasted = h(
    "details",
    { class: "edit-paste" },
    h("summary", null, t("Paste a table")),
    labelled(t("Rows from a spreadsheet, or numbers between commas"), area),
    action(t("Put it in place of the inputs"), () => pasteInto(area.value, (table) => edit((before) => ({ ...before, [field]: paste([table[0]], table, { row: 0, column: 0, grows: true }).slice(0, one ? 1 : undefined) })))),
  );
  return {
    element: block(title, part, numbers.element, message, more, pasted),
    /** @param {import("./panel.js").Slice} next */
    update: (next) => numbers.update(here(next.document[field] ?? rows), next.own?.[field] ? here(next.own[field]) : null),
  };
}

/**
 * The scene with everything brought to the sizes it has now.
 * @param {any} scene
 * @param {import("../../edit/fit.js").ShapesOf} shapesOf
 */
function mended(scene, shapesOf) {
  const steps = scene.network.steps ?? (scene.network.decoder ? scene.decoder_inputs : scene.inputs)?.length ?? 1;
  return fit(scene, { shapesOf, steps });
}

/**
 * A text and how it becomes rows.
 * @param {import("./panel.js").Slice} slice
 * @param {About} about
 */
function writing({ document: scene, steps }, { t, act, shapesOf }) {
  /** @param {(scene: any) => any} change */
  const edit = (change) => act.edit((/** @type {any} */ before) => fit(change(before), { shapesOf, steps }));
  const text = h("textarea", { rows: 3, "data-field": "text" });
  text.value = scene.text;
  text.addEventListener("change", () => act.edit((/** @type {any} */ before) => ({ ...before, text: text.value })));
  const vocabulary = h("textarea", { rows: 5, spellcheck: "false", "data-field": "encoding.vocabulary" });
  vocabulary.value = scene.encoding.vocabulary.join("\n");
  vocabulary.addEventListener("change", () => {
    const words = vocabulary.value.split("\n").filter((word) => word !== "");
    if (words.length) edit((before) => put(before, ["encoding", "vocabulary"], words));
  });
  const kinds = /** @type {[string, string][]} */ ([["word", t("words")], ["char", t("letters")], ["trigram", t("groups of three letters")]]);
  return {
    element: block(
      t("Text"),
      labelled(t("What the network reads"), text),
      chooser({ label: t("Read as"), field: "encoding.kind", value: scene.encoding.kind, options: kinds, choose: (kind) => act.edit((/** @type {any} */ before) => put(before, ["encoding", "kind"], kind)) }),
      labelled(t("Vocabulary, one a line; each is one of the inputs"), vocabulary),
      tick({ label: t("One more input for everything else"), field: "encoding.other", checked: scene.encoding.other === true, choose: (other) => edit((before) => put(before, ["encoding", "other"], other)) }),
    ),
    /** @param {import("./panel.js").Slice} next */
    update(next) {
      if (document.activeElement !== text) text.value = next.document.text;
      if (document.activeElement !== vocabulary) vocabulary.value = next.document.encoding.vocabulary.join("\n");
    },
  };
}

/**
 * The states each layer starts from, as the trace has them.
 * @param {any} trace
 * @returns {{index: number, direction: string, place: string, alone: boolean, names: {name: string, size: number}[]}[]}
 */
function states(trace) {
  const layers = trace?.encoder?.layers ?? trace?.layers ?? [];
  return layers.flatMap((/** @type {any} */ layer, /** @type {number} */ index) =>
    layer.directions.map((/** @type {any} */ { direction, initial = {} }) => ({
      index, direction, place: `${index} ${direction}`,
      alone: layer.directions.length === 1,
      names: Object.entries(initial).map(([name, values]) => ({ name, size: /** @type {any} */ (values).length })),
    })),
  );
}

/**
 * @param {import("./panel.js").Slice} slice
 * @param {About} about
 */
function starts(slice, { t, act, symbolOf }) {
  return states(slice.trace).flatMap(({ index, direction, alone, names }) => {
    if (names.length === 0) return [];
    const inner = direction === "backward" && !alone ? ["backward"] : [];
    /** @param {any} scene @param {string} name @param {number} size @returns {number[]} */
    const given = (scene, name, size) => get(scene, ["initial", index, ...inner, name]) ?? new Array(size).fill(0);
    const width = Math.max(...names.map(({ size }) => size));
    const title = slice.cells.length > 1 || !alone ? t("Start of layer {layer}, {direction}", { layer: index + 1, direction: direction === "forward" ? t("forward") : t("backward") }) : t("Memory at the start");
    const numbers = grid({
      caption: title, field: `initial[${index}]`,
      rows: names.map(({ name }) => h("span", null, symbolOf(name, index), h("span", { class: "visually-hidden" }, ` ${name}`))),
      columns: Array.from({ length: width }, (_, j) => String(j + 1)),
      label: (i, j) => t("{name} at the start, unit {unit}", { name: names[i].name, unit: j + 1 }),
      changed: (own) => t("the lesson has {own}", { own }),
      set(i, j, value, tag) {
        const { name, size } = names[i];
        act.edit((/** @type {any} */ before) => {
          const initial = before.initial ?? new Array(slice.cells.length).fill({});
          return put({ ...before, initial }, ["initial", index, ...inner, name], put(given(before, name, size), [j], value));
        }, tag);
      },
    });
    return [{
      element: block(title, numbers.element),
      /** @param {import("./panel.js").Slice} next */
      update: ({ document: scene, own }) =>
        numbers.update(names.map(({ name, size }) => given(scene, name, size)), own ? names.map(({ name, size }) => given(own, name, size)) : null),
    }];
  });
}
