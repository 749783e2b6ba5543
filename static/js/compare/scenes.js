/**
 * Scenes to set beside another: the same input with another cell. Pure: documents in, documents out.
 */

/**
 * Cells that a scene can be compared with, most telling first.
 */
export const CELLS = ["elman", "gru", "lstm"];
export const MOST = 2;

/**
 * @param {any} layer
 * @param {string} cell
 */
function layerWith({ units, direction, merge }, cell) {
  return { cell, units, ...(direction ? { direction } : {}), ...(merge ? { merge } : {}) };
}

/**
 * The same scene with every layer's cell exchanged; weights are drawn from its seed.
 * @param {any} scene its defaults filled
 * @param {string} cell an id of the catalogue
 * @returns {any}
 */
export function withCell(scene, cell) {
  const { initial: _initial, title: _title, ...rest } = scene;
  const exchanged = (/** @type {any} */ part) => ({ ...part, layers: part.layers.map((/** @type {any} */ layer) => layerWith(layer, cell)) });
  const { network } = scene;
  if (!network.encoder) return { ...rest, network: exchanged(network) };
  return { ...rest, network: { ...network, encoder: exchanged(network.encoder), decoder: exchanged(network.decoder) } };
}

/**
 * Cells worth offering: all but the one that every layer has.
 * @param {any} scene
 */
export function otherCells({ network }) {
  const layers = [network, network.encoder, network.decoder].flatMap((part) => part?.layers ?? []);
  return CELLS.filter((cell) => layers.some((layer) => layer.cell !== cell));
}

/**
 * An inline scene on the input of another: what it is compared with may have been edited since. One
 * that reads other rows stays as it is.
 * @param {any} scene
 * @param {any} main
 * @returns {any}
 */
export function onSameInput(scene, main) {
  if (!scene.inputs || !main.inputs || scene.inputs[0]?.length !== main.inputs[0]?.length) return scene;
  const { targets: _targets, loss: _loss, ...rest } = scene;
  const { inputs, decoder_inputs, targets, loss, labels } = main;
  const taken = Object.entries({ inputs, decoder_inputs, targets, loss, labels }).filter(([, value]) => value !== undefined);
  return { ...rest, ...Object.fromEntries(taken) };
}

/**
 * How many numbers a network has learned or was given.
 * @param {any} trace
 * @returns {number}
 */
export function parameterCount(trace) {
  const stacks = [trace, trace.encoder, trace.decoder];
  const homes = stacks.flatMap((stack) => (stack?.layers ?? []).flatMap((/** @type {any} */ layer) => layer.directions));
  return [...homes, trace.readout, trace.attention].reduce((sum, home) => sum + count(home?.parameters ?? {}), 0);
}

/** @param {any} value @returns {number} */
function count(value) {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((/** @type {number} */ sum, each) => sum + count(each), 0);
}
