/**
 * The words that numbers stand for, where a scene has labels or a vocabulary: what goes in at a step, and
 * what is the likeliest to come out.
 */
import { fed, series } from "./trace.js";

/**
 * @typedef {import("./trace.js").Trace} Trace
 * @typedef {import("./trace.js").Wire} Wire
 * @typedef {(string | null)[]} Words by step
 */

/**
 * The word of a one-hot row.
 * @param {Wire[] | null | undefined} row
 * @param {string[] | null | undefined} names
 */
function hot(row, names) {
  if (!row || names?.length !== row.length) return null;
  const at = row.indexOf(1);
  return at >= 0 && row.every((value, index) => value === (index === at ? 1 : 0)) ? names[at] : null;
}

/**
 * @param {Trace} trace
 * @param {any} scene
 * @param {import("./trace.js").Stack} stack
 * @returns {Words | null} null where nothing that goes in is a word
 */
export function inputWords(trace, scene, stack) {
  const { inputs, features, outputs } = scene.labels ?? {};
  const names = stack === "decoder" ? [outputs, features] : [features, scene.encoding?.vocabulary];
  const words = fed(trace, scene, stack).map((row, t) => {
    const given = stack === "decoder" ? undefined : inputs?.[t];
    return given ?? names.map((some) => hot(row, some)).find((word) => word !== null) ?? null;
  });
  return words.some((word) => word !== null) ? words : null;
}

/**
 * What a readout that chooses among words finds the likeliest.
 * @param {Trace} trace
 * @param {any} scene
 * @returns {Words | null}
 */
export function outputWords(trace, scene) {
  const names = scene.labels?.outputs;
  const readout = scene.network.readout ?? scene.network.decoder?.readout;
  if (!names || readout?.activation !== "softmax" || !trace.readout) return null;
  const rows = series(trace, "readout", "forward").y ?? [];
  return rows.map((row) => {
    const sizes = row.map((value) => (typeof value === "number" ? value : -1));
    return names[sizes.indexOf(Math.max(...sizes))] ?? null;
  });
}
