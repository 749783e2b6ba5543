/**
 * What a chart can be asked of a scene: its values, its parameters and their entries; and what is
 * taken where the reader has not chosen.
 */
import { at, places } from "../model/trace.js";

/**
 * @typedef {import("../model/trace.js").Trace} Trace
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {import("./kinds.js").Chart} Chart
 * @typedef {{parameter: string, entry: number[], value: number}} Entry
 */

const MOST_ENTRIES = 200;
const POINTS = 41;
const AROUND = 2;

/**
 * The states of every layer and direction, by address.
 * @param {Trace} trace
 * @param {Cell[]} cells by layer
 * @returns {string[]}
 */
export function statesOf(trace, cells) {
  return places(trace).flatMap(({ place, layer }) => {
    const cell = cells[layer];
    const names = cell ? [cell.output, ...cell.state.filter((name) => name !== cell.output)] : [];
    return names.map((name) => `${place}.${name}`);
  });
}

/**
 * Every parameter by address.
 * @param {Trace} trace
 * @returns {{address: string, value: any}[]}
 */
export function parametersOf(trace) {
  const homes = [...places(trace).map(({ place }) => place), ...(trace.readout ? ["readout"] : [])];
  return homes.flatMap((place) => {
    const held = /** @type {any} */ (at(trace, place))?.parameters ?? {};
    return Object.entries(held).map(([name, value]) => ({ address: `${place}.${name}`, value }));
  });
}

/**
 * Single entries of the parameters; of large networks the first ones.
 * @param {Trace} trace
 * @returns {Entry[]}
 */
export function entriesOf(trace) {
  const all = parametersOf(trace).flatMap(({ address, value }) => entries(address, value, []));
  return all.slice(0, MOST_ENTRIES);
}

/**
 * @param {string} parameter
 * @param {any} value
 * @param {number[]} entry
 * @returns {Entry[]}
 */
function entries(parameter, value, entry) {
  if (!Array.isArray(value)) return typeof value === "number" ? [{ parameter, entry, value }] : [];
  return value.flatMap((each, index) => entries(parameter, each, [...entry, index]));
}

/**
 * An entry as people write it: `layers.0.forward.U_h[1,2]`, counted from 1.
 * @param {{parameter: string, entry: number[]}} one
 */
export function entryName({ parameter, entry }) {
  return `${parameter}[${entry.map((index) => index + 1).join(",")}]`;
}

/**
 * The chart with everything it needs chosen.
 * @param {Chart} chart
 * @param {Trace | null} trace
 * @param {Cell[]} cells
 * @returns {Chart}
 */
export function completed(chart, trace, cells) {
  if (!trace) return chart;
  if (chart.kind === "jacobians") {
    const known = statesOf(trace, cells);
    return { ...chart, of: known.includes(chart.of) ? chart.of : known[0] };
  }
  if (chart.kind === "bptt") {
    const known = parametersOf(trace).map(({ address }) => address);
    return { ...chart, parameter: known.includes(chart.parameter) ? chart.parameter : recurrent(known) };
  }
  return chart.kind === "surface" ? withAxes(chart, entriesOf(trace)) : chart;
}

/** @param {string[]} addresses */
function recurrent(addresses) {
  return addresses.find((address) => /\.U_\w+$/.test(address)) ?? addresses[0];
}

/**
 * @param {Chart} chart
 * @param {Entry[]} known
 * @returns {Chart}
 */
function withAxes(chart, known) {
  const same = (/** @type {Entry} */ a, /** @type {any} */ b) => a.parameter === b?.parameter && String(a.entry) === String(b?.entry);
  const usual = [known.find(({ parameter }) => /\.U_/.test(parameter)), known.find(({ parameter }) => /\.b\w*$/.test(parameter))];
  /** @type {Entry[]} */
  const picked = [];
  for (const place of [0, 1]) {
    const wanted = known.find((each) => same(each, chart.picked?.[place])) ?? usual[place];
    const free = (/** @type {Entry | undefined} */ each) => each && !picked.includes(each);
    const entry = free(wanted) ? wanted : known.find(free);
    if (entry) picked.push(entry);
  }
  if (picked.length < 2) return chart;
  const axes = picked.map(({ parameter, entry, value }) => ({ parameter, entry, from: value - AROUND, to: value + AROUND, points: POINTS }));
  const start = picked.map(({ value }) => value);
  const rate = chart.rate ?? 0.1;
  const walk = { start, rate, updates: 40 };
  return { ...chart, axes, descents: chart.clip ? [{ ...walk, clip: null }, { ...walk, clip: { norm: chart.clip } }] : [walk] };
}
