/**
 * Which charts make sense for a scene, and the request the server draws each from.
 */

/**
 * @typedef {Record<string, any> & {kind: string}} Chart what the reader chose; part of the page's view
 * @typedef {{lang: string, theme: "light" | "dark" | "projector", scene: any, place: string, node: string | null,
 *            others: {name: string, scene: any}[], name: string, reports: any[], chart: Chart}} About
 */

/** The kinds in the order in which they are offered. */
export const KINDS = ["gates", "gradient_norms", "jacobians", "bptt", "surface", "attention", "sampling", "training"];

/**
 * @param {any} scene its defaults filled
 * @param {any[]} reports of a training
 * @returns {string[]}
 */
export function kindsFor(scene, reports) {
  const { network, loss, targets } = scene;
  const two = network.shape === "encoder-decoder";
  const judged = Boolean(loss && targets);
  /** @type {Record<string, boolean>} */
  const sensible = {
    gates: true,
    gradient_norms: true,
    jacobians: !two,
    bptt: !two,
    surface: !two && judged,
    attention: two && Boolean(network.attention),
    sampling: !two && writes(scene),
    training: reports.length > 1,
  };
  return KINDS.filter((kind) => sensible[kind]);
}

/**
 * Whether a network can write by itself: what it says has the form of what it reads.
 * @param {any} scene
 */
function writes({ network, inputs }) {
  const { readout, layers, shape, pool } = network;
  const onward = layers.every((/** @type {any} */ layer) => (layer.direction ?? "forward") === "forward");
  return readout?.activation === "softmax" && shape === "many-to-many" && !pool && onward && inputs?.[0]?.length === readout.outputs;
}

/**
 * The chart that is shown: what the reader chose where it makes sense, else the first that does.
 * @param {Partial<Chart> | undefined} chosen
 * @param {string[]} kinds
 * @returns {Chart}
 */
export function chartOf(chosen, kinds) {
  const kind = chosen?.kind;
  return kind && kinds.includes(kind) ? { ...chosen, kind } : { kind: kinds[0] };
}

/**
 * The unit a chart of one unit shows: the chosen one, that of the selection, or the first.
 * @param {Chart} chart
 * @param {string | null} node
 * @param {string} place
 */
function unitOf({ unit }, node, place) {
  if (Number.isInteger(unit)) return unit;
  const match = node?.startsWith(`${place}.`) ? /\[(\d+)\]$/.exec(node) : null;
  return match ? Number(match[1]) : 0;
}

/**
 * The body of the request for a figure, null where choices are still wanting.
 * @param {About} about
 * @returns {Record<string, any> | null}
 */
export function requestFor({ lang, theme, scene, place, node, others, name, reports, chart }) {
  const { kind } = chart;
  const look = { kind, lang, theme };
  switch (kind) {
    case "gates":
      return { ...look, scene, place: chart.place ?? place, unit: unitOf(chart, node, chart.place ?? place) };
    case "gradient_norms": {
      const all = [{ name, scene }, ...others];
      const home = scene.network.encoder ? { place } : {};
      return { ...look, ...home, scenes: all.map((each) => each.scene), names: all.map((each) => each.name) };
    }
    case "jacobians":
      return chart.of ? { ...look, scene, of: chart.of, with_respect_to: chart.of } : null;
    case "bptt":
      return chart.parameter ? { ...look, scene, parameter: chart.parameter } : { ...look, scene };
    case "surface":
      return chart.axes ? { ...look, scene, axes: chart.axes, descents: chart.descents ?? [], flat: chart.flat ?? false } : null;
    case "sampling":
      return { ...look, scene, steps: chart.steps ?? 12, temperature: chart.temperature ?? 1, seed: chart.seed ?? 0 };
    case "training":
      return { ...look, progress: reports };
    default:
      return { ...look, scene };
  }
}
