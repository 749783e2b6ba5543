/**
 * What an edit of the structure leaves to mend: weights, initial states, targets and labels brought to
 * the sizes the network has now. What stood in both stays; what is new is zero.
 */
import { get, put, readoutPath, stacks } from "./document.js";

/**
 * @typedef {{id: string, state: string[], output: string, sizes: Record<string, string>,
 *            parameters: {name: string, shape: string[]}[]}} Shapes of a cell; sizes in words, "units", "units + input"
 * @typedef {(reference: any) => Shapes | null} ShapesOf
 */

/** Entries of one parameter that are still worth writing out. */
const MOST = 250_000;

/**
 * @param {any} value
 * @param {number[]} shape
 * @returns {any} cut, or filled with zeros
 */
function resized(value, [size, ...rest]) {
  const list = Array.isArray(value) ? value : [];
  return Array.from({ length: size }, (_, index) => (rest.length ? resized(list[index], rest) : (list[index] ?? 0)));
}

/**
 * A number of entries from its words.
 * @param {string} words
 * @param {Record<string, number>} dimensions
 */
function entries(words, dimensions) {
  return words.split(" + ").reduce((sum, word) => sum + (dimensions[word] ?? dimensions.units), 0);
}

/**
 * @param {Record<string, any>} weights nothing is left nothing: seeded weights have any size
 * @param {{name: string, shape: string[]}[]} parameters
 * @param {Record<string, number>} dimensions
 */
function fitWeights(weights, parameters, dimensions) {
  const known = parameters.filter(({ name }) => weights[name]);
  return Object.fromEntries(
    known.map(({ name, shape }) => {
      const sizes = shape.map((size) => entries(size, dimensions));
      // No server takes so many: it will say which limit the layer goes over.
      const beyond = sizes.reduce((product, size) => product * size, 1) > MOST;
      return [name, beyond ? weights[name] : resized(weights[name], sizes)];
    }),
  );
}

/**
 * @param {any} layer
 * @param {number} input
 * @param {any} scene
 */
function dimensionsOf(layer, input, scene) {
  const own = Object.entries(layer).filter(([, value]) => typeof value === "number");
  return { input, static: scene.static?.length ?? 0, ...Object.fromEntries(own) };
}

/**
 * @param {any} layer
 * @param {Shapes} shapes
 * @param {Record<string, number>} dimensions
 */
function fitLayer(layer, shapes, dimensions) {
  const next = { ...layer, weights: fitWeights(layer.weights ?? {}, shapes.parameters, dimensions) };
  if (layer.direction !== "bidirectional") return without(next, "merge", "backward_weights");
  return { merge: "concat", ...next, backward_weights: fitWeights(layer.backward_weights ?? {}, shapes.parameters, dimensions) };
}

/**
 * @param {any} whole
 * @param {...string} fields
 */
function without(whole, ...fields) {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !fields.includes(name)));
}

/**
 * @param {any} initial of one layer
 * @param {Shapes} shapes
 * @param {Record<string, number>} dimensions
 * @param {string} direction
 */
function fitInitial(initial, shapes, dimensions, direction) {
  const states = (/** @type {any} */ given) =>
    Object.fromEntries(
      shapes.state.filter((name) => given?.[name]).map((name) => [name, resized(given[name], [entries(shapes.sizes[name], dimensions)])]),
    );
  const backward = direction !== "forward" && initial?.backward ? { backward: states(initial.backward) } : {};
  return { ...states(initial), ...backward };
}

/**
 * One stack of layers, fed `input` numbers a step.
 * @param {any} scene
 * @param {{path: import("./document.js").Path, layers: any[]}} stack
 * @param {number} input
 * @param {ShapesOf} shapesOf
 */
function fitStack(scene, { path, layers }, input, shapesOf) {
  let width = input;
  /** @type {any[]} */
  const initial = [];
  const fitted = layers.map((layer, index) => {
    const shapes = shapesOf(layer.cell);
    if (!shapes) return layer;
    const dimensions = dimensionsOf(layer, width, scene);
    initial.push(fitInitial(scene.initial?.[index], shapes, dimensions, layer.direction));
    width = entries(shapes.sizes[shapes.output], dimensions) * (layer.direction === "bidirectional" && layer.merge !== "sum" ? 2 : 1);
    return fitLayer(layer, shapes, dimensions);
  });
  return { scene: put(scene, path, fitted), width, initial };
}

/**
 * Rows of outputs, targets and losses.
 * @param {any} scene
 * @param {number} steps
 */
function outputRows({ network }, steps) {
  return network.shape === "many-to-one" || network.shape === "one-to-one" ? 1 : steps;
}

/**
 * @param {any} target
 * @param {number} width
 */
function fitTarget(target, width) {
  if (target === null || target === undefined) return null;
  if (typeof target === "number") return Math.min(target, width - 1);
  return resized(target, [width]);
}

/**
 * Labels name what there is: a list that no longer does is left out.
 * @param {any} labels
 * @param {Record<string, number>} counts
 */
function fitLabels(labels, counts) {
  const kept = Object.entries(labels).filter(([name, list]) => list?.length === counts[name]);
  return kept.length ? Object.fromEntries(kept) : undefined;
}

/**
 * The scene with everything that has a size brought to the sizes of its network.
 * @param {any} given
 * @param {{shapesOf: ShapesOf, steps: number}} about `steps` that the scene runs
 */
export function fit(given, { shapesOf, steps }) {
  const [first, second] = stacks(given);
  const features = given.text === undefined ? given.inputs?.[0]?.length : given.encoding.vocabulary.length + Number(given.encoding.other === true);
  if (features === undefined) return given;
  const lower = fitStack(given, first, features, shapesOf);
  let { scene, width } = lower;
  if (scene.initial) scene = { ...scene, initial: lower.initial };
  if (second) ({ scene, width } = fitStack(scene, second, given.decoder_inputs?.[0]?.length ?? get(scene, readoutPath(scene))?.outputs ?? width, shapesOf));
  const path = readoutPath(scene);
  const readout = get(scene, path);
  if (readout && !second) {
    const parameters = [{ name: "V", shape: ["outputs", "input"] }, { name: "b", shape: ["outputs"] }];
    const sizes = { units: width, input: width, outputs: readout.outputs };
    scene = put(scene, [...path, "weights"], fitWeights(readout.weights ?? {}, parameters, sizes));
  }
  const outputs = readout?.outputs ?? width;
  if (scene.targets) {
    const targets = Array.from({ length: outputRows(scene, steps) }, (_, t) => fitTarget(scene.targets[t], outputs));
    scene = { ...scene, targets };
  }
  if (scene.labels) scene = put(scene, ["labels"], fitLabels(scene.labels, { inputs: steps, features, outputs }));
  return scene;
}
