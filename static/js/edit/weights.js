/**
 * The weights of a scene, group by group (a direction of a layer, the readout, the attention). Where
 * none of a group is given they are seeded: then the first edit writes out what the network has.
 */
import { get, put, readoutPath, stacks } from "./document.js";

/**
 * @typedef {import("./document.js").Path} Path
 * @typedef {number[] | number[][]} Parameter
 * @typedef {{place: string, path: Path, seeded: boolean}} Group
 */

/**
 * @param {any} scene
 * @returns {Group[]}
 */
export function groups(scene) {
  /** @type {[string, Path][]} */
  const found = stacks(scene).flatMap(({ name, path, layers }) =>
    layers.flatMap((layer, index) =>
      directions(layer).map(([direction, field]) => /** @type {[string, Path]} */ ([`${name}.${index}.${direction}`, [...path, index, field]])),
    ),
  );
  const readout = readoutPath(scene);
  if (get(scene, readout)) found.push(["readout", [...readout, "weights"]]);
  const { attention } = scene.network;
  if (attention && attention.kind !== "dot") found.push(["decoder.attention", ["network", "attention", "weights"]]);
  return found.map(([place, path]) => ({ place, path, seeded: Object.keys(get(scene, path) ?? {}).length === 0 }));
}

/**
 * @param {any} layer
 * @returns {[string, string][]} each direction and the field its weights stand in
 */
function directions({ direction }) {
  if (direction !== "bidirectional") return [[direction ?? "forward", "weights"]];
  return [["forward", "weights"], ["backward", "backward_weights"]];
}

/**
 * The parameters of a place as a trace carries them.
 * @param {any} trace
 * @param {string} place
 * @returns {Record<string, Parameter>}
 */
function parametersAt(trace, place) {
  if (place === "readout") return trace?.readout?.parameters ?? {};
  if (place === "decoder.attention") return trace?.attention?.parameters ?? {};
  const [direction, index, ...stack] = place.split(".").reverse();
  const layers = get(trace, stack.reverse()) ?? [];
  const found = layers[Number(index)]?.directions.find((/** @type {any} */ each) => each.direction === direction);
  return found?.parameters ?? {};
}

/**
 * All parameters of a group as the network has them.
 * @param {any} scene
 * @param {Group} group
 * @param {any} trace of this scene, or of one with the same sizes
 * @returns {Record<string, Parameter>}
 */
export function effective(scene, { place, path, seeded }, trace) {
  const run = parametersAt(trace, place);
  const given = get(scene, path) ?? {};
  if (seeded) return run;
  const names = [...new Set([...Object.keys(run), ...Object.keys(given)])];
  return Object.fromEntries(names.map((name) => [name, given[name] ?? zeros(run[name])]));
}

/**
 * @param {Parameter} like
 * @returns {Parameter}
 */
function zeros(like) {
  return /** @type {Parameter} */ (like.map((/** @type {any} */ row) => (Array.isArray(row) ? row.map(() => 0) : 0)));
}

/**
 * One entry of a parameter set to a number.
 * @param {any} scene
 * @param {any} trace
 * @param {{place: string, name: string, at: number[]}} where `at`: row and column, or one index
 * @param {number} value
 */
export function setWeight(scene, trace, { place, name, at }, value) {
  return setWeights(scene, trace, { place, name }, (parameter) => put(parameter, at, value));
}

/**
 * A parameter changed as a whole.
 * @param {any} scene
 * @param {any} trace
 * @param {{place: string, name: string}} where
 * @param {(parameter: Parameter) => Parameter} change
 */
export function setWeights(scene, trace, { place, name }, change) {
  const group = groups(scene).find((each) => each.place === place);
  if (!group) return scene;
  const all = effective(scene, group, trace);
  return all[name] ? put(scene, group.path, { ...all, [name]: change(all[name]) }) : scene;
}

/**
 * One group drawn anew, from the next seed; other groups that were drawn are written down, so that
 * they stay as they are.
 * @param {any} scene
 * @param {any} trace
 * @param {string} place
 */
export function drawAnew(scene, trace, place) {
  const kept = groups(scene)
    .filter((group) => group.seeded || group.place === place)
    .reduce((next, group) => put(next, group.path, group.place === place ? {} : effective(scene, group, trace)), scene);
  return { ...kept, seed: (scene.seed ?? 0) + 1 };
}
