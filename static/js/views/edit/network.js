/**
 * What the network is made of: cells, units, layers, directions, the way it reads, the readout.
 */
import { h } from "../../dom.js";
import { get, put, readoutPath, stacks } from "../../edit/document.js";
import { fit } from "../../edit/fit.js";
import { addLayer, removeLayer, setCell, setOutputs, setShape } from "../../edit/structure.js";
import { inLanguage } from "../../words/translate.js";
import { action, block, chooser, counter, tick } from "./controls.js";
import { typing } from "./typing.js";
import { dotted } from "./weights.js";

/** @typedef {import("./panel.js").Section} Section */
/** @typedef {import("./panel.js").Slice} Slice */
/** @typedef {import("./panel.js").About} About */

const OWN = "<own>";

/** @type {Section} */
export const network = {
  name: "network",
  title: (t) => t("Network"),
  fields: ["network"],
  key: ({ document: { network: found }, typing: open }) => JSON.stringify([structure(found), open]),
  build(slice, about) {
    const mend = mender(slice, about);
    const layers = stacks(slice.document).flatMap(({ name, path, layers: all }) =>
      all.map((layer, index) => layerBlock({ layer, name, path: [...path, index], index, count: all.length }, slice, { ...about, mend })),
    );
    const more = slice.document.network.encoder ? null : action(about.t("Add a layer"), () => mend(addLayer), undefined, "add-layer");
    return {
      element: h("div", null, ...layers, more ? h("div", { class: "edit-actions" }, more) : null, reading(slice, { ...about, mend }), readout(slice, { ...about, mend })),
      update: () => {},
    };
  },
};

/**
 * All of a network but its numbers.
 * @param {any} found
 * @returns {any}
 */
function structure(found) {
  if (Array.isArray(found)) return found.map(structure);
  if (typeof found !== "object" || found === null) return found;
  const parts = Object.entries(found).filter(([name]) => name !== "weights" && name !== "backward_weights");
  return parts.map(([name, part]) => [name, structure(part)]);
}

/**
 * An edit of the structure, followed by all that has a size.
 * @param {Slice} slice
 * @param {About} about
 */
function mender({ steps }, { act, shapesOf }) {
  return (/** @type {(scene: any) => any} */ change) =>
    act.edit((/** @type {any} */ before) => {
      const next = change(before);
      const rows = (next.network.decoder ? next.decoder_inputs : next.inputs)?.length;
      return fit(next, { shapesOf, steps: next.network.steps ?? rows ?? steps });
    });
}

/**
 * @param {{layer: any, name: string, path: (string | number)[], index: number, count: number}} which
 * @param {Slice} slice
 * @param {About & {mend: ReturnType<typeof mender>}} about
 */
function layerBlock({ layer, name, path, index, count }, slice, about) {
  const { t, lang, catalogue, shapesOf, act, mend } = about;
  const field = dotted(path);
  const own = get(slice.own, path) ?? {};
  const inline = typeof layer.cell === "object";
  /** @param {string} key @param {any} value */
  const set = (key, value) => mend((scene) => put(scene, [...path, key], value));
  const cells = /** @type {[string, string][]} */ (catalogue.map((cell) => [cell.id, inLanguage(cell.title, lang) || cell.id]));
  const choose = (/** @type {string} */ id) => {
    if (id === OWN) return about.type(field);
    const after = catalogue.find((cell) => cell.id === id);
    return mend((scene) => setCell(scene, path, id, { before: shapesOf(get(scene, path).cell), after }));
  };
  const shapes = /** @type {any} */ (shapesOf(layer.cell));
  const options = Object.entries(shapes?.options ?? {}).map(([option, allowed]) =>
    chooser({ label: optionName(option, t), field: `${field}.options.${option}`, value: layer.options?.[option] ?? allowed[0], changed: changed(own.options?.[option], layer.options?.[option]), options: allowed.map((/** @type {string} */ each) => [each, functionName(each, t)]), choose: (value) => set("options", { ...layer.options, [option]: value }) }),
  );
  const sizes = [...new Set(Object.values(shapes?.sizes ?? {}))].filter((size) => /** @type {string} */ (size).split(" + ").every((part) => !["units", "input", "static"].includes(part)));
  const directions = /** @type {[string, string][]} */ ([["forward", t("forward")], ["backward", t("backward")], ["bidirectional", t("both ways")]]);
  const merges = /** @type {[string, string][]} */ ([["concat", t("side by side")], ["sum", t("added")]]);
  const open = slice.typing === field;
  return block(
    titleOf(name, index, t),
    h(
      "div",
      { class: "edit-fields" },
      chooser({ label: t("Cell"), field: `${field}.cell`, value: inline || open ? OWN : layer.cell, changed: changed(own.cell, layer.cell), options: [...cells, [OWN, t("one of my own …")]], choose }),
      counter({ label: t("Units"), field: `${field}.units`, value: layer.units, changed: changed(own.units, layer.units), choose: (units) => set("units", units) }),
      ...sizes.map((size) => counter({ label: size === "outputs" ? t("Outputs") : String(size), field: `${field}.${size}`, value: layer[String(size)] ?? layer.units, choose: (value) => set(String(size), value) })),
      chooser({ label: t("Reads"), field: `${field}.direction`, value: layer.direction, changed: changed(own.direction, layer.direction), options: directions, choose: (direction) => set("direction", direction) }),
      layer.direction === "bidirectional" ? chooser({ label: t("Both readings"), field: `${field}.merge`, value: layer.merge, options: merges, choose: (merge) => set("merge", merge) }) : null,
      ...options,
    ),
    inline || open ? typing({ layer, path, field }, slice, { ...about, mend }) : null,
    count > 1 ? h("div", { class: "edit-actions" }, action(t("Remove this layer"), () => act.edit((/** @type {any} */ scene) => fit(removeLayer(scene, index), { shapesOf, steps: slice.steps })), undefined, `${field}.remove`)) : null,
  );
}

/**
 * @param {any} own
 * @param {any} value
 */
function changed(own, value) {
  return own !== undefined && JSON.stringify(own) !== JSON.stringify(value);
}

/**
 * @param {string} name
 * @param {number} index
 * @param {About["t"]} t
 */
function titleOf(name, index, t) {
  const layer = index + 1;
  if (name.startsWith("encoder")) return t("Encoder, layer {layer}", { layer });
  if (name.startsWith("decoder")) return t("Decoder, layer {layer}", { layer });
  return t("Layer {layer}", { layer });
}

/**
 * @param {string} option
 * @param {About["t"]} t
 */
function optionName(option, t) {
  if (option === "activation") return t("Activation");
  if (option === "input_activation") return t("Activation of the input");
  if (option === "output_activation") return t("Activation of the output");
  return option;
}

/**
 * @param {string} name
 * @param {About["t"]} t
 */
function functionName(name, t) {
  return name === "identity" ? t("none (identity)") : name;
}

/**
 * @param {Slice} slice
 * @param {About & {mend: ReturnType<typeof mender>}} about
 */
function reading({ document: scene, own }, { t, mend }) {
  const { network: found } = scene;
  if (found.encoder) return attention(found, { t, mend });
  const shapes = /** @type {[string, string][]} */ ([
    ["many-to-many", t("an output at every step")],
    ["many-to-one", t("one output for the whole sequence")],
    ["one-to-many", t("a sequence from one input")],
    ["one-to-one", t("one input, one output")],
  ]);
  /** @param {string} key @param {any} value */
  const set = (key, value) => mend((before) => put(before, ["network", key], value));
  const pools = /** @type {[string, string][]} */ ([["last", t("the last state")], ["mean", t("the mean of all")]]);
  return block(
    t("Shape"),
    h(
      "div",
      { class: "edit-fields" },
      chooser({ label: t("Gives"), field: "network.shape", value: found.shape, changed: changed(own?.network.shape, found.shape), options: shapes, choose: (shape) => mend((before) => setShape(before, shape)) }),
      found.shape === "many-to-one" ? chooser({ label: t("Made of"), field: "network.pool", value: found.pool, options: pools, choose: (pool) => set("pool", pool) }) : null,
      found.shape === "one-to-many" ? counter({ label: t("Steps"), field: "network.steps", value: found.steps, choose: (steps) => set("steps", steps) }) : null,
      found.shape === "one-to-many" ? tick({ label: t("The input comes at every step"), field: "network.repeat", checked: found.repeat === true, choose: (repeat) => set("repeat", repeat) }) : null,
    ),
  );
}

/**
 * @param {any} found
 * @param {Pick<About, "t"> & {mend: ReturnType<typeof mender>}} about
 */
function attention(found, { t, mend }) {
  const kinds = /** @type {[string, string][]} */ ([["", t("none")], ["dot", t("dot product")], ["general", t("general")], ["additive", t("additive")]]);
  const choose = (/** @type {string} */ kind) => mend((before) => put(before, ["network", "attention"], kind === "" ? undefined : { kind, weights: {} }));
  return block(t("Attention"), chooser({ label: t("Scores"), field: "network.attention", value: found.attention?.kind ?? "", options: kinds, choose }));
}

/**
 * @param {Slice} slice
 * @param {About & {mend: ReturnType<typeof mender>}} about
 */
function readout({ document: scene, trace }, { t, mend }) {
  const path = readoutPath(scene);
  const found = get(scene, path);
  const width = trace?.outputs?.[0]?.length ?? 1;
  const functions = ["identity", "tanh", "sigmoid", "softmax"].map((name) => /** @type {[string, string]} */ ([name, functionName(name, t)]));
  return block(
    t("Readout"),
    tick({ label: t("A layer that reads the outputs off"), field: dotted(path), checked: Boolean(found), choose: (on) => mend((before) => setOutputs(before, on ? width : null)) }),
    found
      ? h(
          "div",
          { class: "edit-fields" },
          counter({ label: t("Outputs"), field: `${dotted(path)}.outputs`, value: found.outputs, choose: (outputs) => mend((before) => setOutputs(before, outputs)) }),
          chooser({ label: t("Activation"), field: `${dotted(path)}.activation`, value: found.activation, options: functions, choose: (activation) => mend((before) => put(before, [...path, "activation"], activation)) }),
        )
      : null,
  );
}
