/**
 * Edits of what a network is made of and what it reads. Each gives a new document; sizes that follow
 * from it are `fit`'s.
 */
import { get, put, readoutPath, stacks } from "./document.js";

/**
 * @typedef {import("./document.js").Path} Path
 * @typedef {import("./fit.js").Shapes} Shapes
 */

/**
 * Another cell in a layer. Weights stay where name and shape are the same; where none is, they are
 * seeded. Options stay where the new cell has them.
 * @param {any} scene
 * @param {Path} path of the layer
 * @param {any} cell an id or an inline cell
 * @param {{before: Shapes | null, after: Shapes & {options: Record<string, string[]>}}} shapes
 */
export function setCell(scene, path, cell, { before, after }) {
  const layer = get(scene, path);
  const kept = after.parameters.filter(({ name, shape }) =>
    before?.parameters.some((each) => each.name === name && each.shape.join() === shape.join()),
  );
  const pick = (/** @type {any} */ weights) =>
    Object.fromEntries(kept.filter(({ name }) => weights?.[name]).map(({ name }) => [name, weights[name]]));
  const options = Object.fromEntries(
    Object.entries(layer.options ?? {}).filter(([name, chosen]) => after.options[name]?.includes(chosen)),
  );
  const { units, direction, merge } = layer;
  const sides = { weights: pick(layer.weights), ...(direction === "bidirectional" ? { merge, backward_weights: pick(layer.backward_weights) } : {}) };
  return put(scene, path, { cell, units, direction, options, ...sides });
}

/**
 * One more layer above those there are, like the top one, with weights of its own from the seed.
 * @param {any} scene
 */
export function addLayer(scene) {
  return stacks(scene).reduce((next, { path, layers }) => {
    const { weights: _weights, backward_weights: second, ...top } = layers[layers.length - 1];
    const bare = { ...top, weights: {}, ...(second ? { backward_weights: {} } : {}) };
    return withInitial(put(next, path, [...layers, bare]), layers.length, true);
  }, scene);
}

/**
 * @param {any} scene
 * @param {number} index the last one stays
 */
export function removeLayer(scene, index) {
  return stacks(scene).reduce((next, { path, layers }) => {
    if (layers.length < 2) return next;
    return withInitial(put(next, path, layers.filter((_, number) => number !== index)), index, false);
  }, scene);
}

/**
 * @param {any} scene
 * @param {number} index
 * @param {boolean} more whether a layer came at that place, or one left it
 */
function withInitial(scene, index, more) {
  if (!scene.initial) return scene;
  const initial = [...scene.initial];
  if (more) initial.splice(index, 0, {});
  else initial.splice(index, 1);
  return { ...scene, initial };
}

/**
 * Another way of reading a sequence; what only belongs to the old one goes.
 * @param {any} scene
 * @param {string} shape
 */
export function setShape(scene, shape) {
  const { pool: _pool, steps: _steps, repeat: _repeat, ...network } = scene.network;
  /** @type {Record<string, any>} */
  const own = {
    "many-to-one": { pool: "last" },
    "one-to-many": { steps: Math.max(2, scene.inputs?.length ?? 2), repeat: false },
  };
  const inputs = shape.startsWith("one-") ? scene.inputs?.slice(0, 1) : scene.inputs;
  return { ...scene, ...(inputs ? { inputs } : {}), network: { ...network, ...own[shape], shape } };
}

/**
 * A readout of so many outputs, or none.
 * @param {any} scene
 * @param {number | null} outputs
 */
export function setOutputs(scene, outputs) {
  const path = readoutPath(scene);
  const before = get(scene, path) ?? { activation: "identity", weights: {} };
  return put(scene, path, outputs === null ? undefined : { ...before, outputs });
}

/**
 * A loss with everything it asks for: targets where there are none, an activation of the readout.
 * @param {any} scene
 * @param {string | null} loss
 * @param {{rows: number, width: number}} outputs
 */
export function setLoss(scene, loss, { rows, width }) {
  if (loss === null) {
    const { loss: _loss, ...rest } = scene;
    return rest;
  }
  /** @type {Record<string, string>} */
  const wanted = { cross_entropy: "softmax", binary_cross_entropy: "sigmoid" };
  const path = readoutPath(scene);
  const readout = get(scene, path);
  const needs = wanted[loss];
  const blank = Array.from({ length: rows }, () => new Array(width).fill(0));
  const targets = scene.targets ?? (loss === "cross_entropy" ? blank.map((row) => row.map((_, index) => (index === 0 ? 1 : 0))) : blank);
  const plain = targets.map((/** @type {any} */ target) =>
    typeof target === "number" && loss !== "cross_entropy" ? new Array(width).fill(0).map((_, index) => (index === target ? 1 : 0)) : target,
  );
  const next = { ...scene, loss, targets: plain };
  if (!needs || readout?.activation === needs) return next;
  return put(next, path, { outputs: width, weights: {}, ...readout, activation: needs });
}

/**
 * Input rows with one more, or one fewer.
 * @param {any} scene
 * @param {number} index
 */
export function addRow(scene, index) {
  const blank = new Array(scene.inputs[0].length).fill(0);
  const inputs = [...scene.inputs.slice(0, index), blank, ...scene.inputs.slice(index)];
  return along({ ...scene, inputs }, index, true);
}

/**
 * @param {any} scene
 * @param {number} index the last one stays
 */
export function removeRow(scene, index) {
  if (scene.inputs.length < 2) return scene;
  const inputs = scene.inputs.filter((/** @type {any} */ _, /** @type {number} */ t) => t !== index);
  return along({ ...scene, inputs }, index, false);
}

/**
 * What stands beside the rows moves with them.
 * @param {any} scene
 * @param {number} index
 * @param {boolean} more
 */
function along(scene, index, more) {
  /** @param {any[]} list @param {any} blank */
  const moved = (list, blank) => (more ? [...list.slice(0, index), blank, ...list.slice(index)] : list.filter((_, t) => t !== index));
  const each = scene.network.shape === "many-to-many";
  const targets = scene.targets && each ? { targets: moved(scene.targets, null) } : {};
  const words = scene.labels?.inputs ? { labels: { ...scene.labels, inputs: moved(scene.labels.inputs, "") } } : {};
  return { ...scene, ...targets, ...words };
}
