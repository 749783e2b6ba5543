/** A cell's diagram: `describe` makes a drawing of a graph, `mount` puts it on the page. */

/** @import {Drawing, Graph, Options} from "./types.js" */

import { describe } from "./layout.js";

export { describe } from "./layout.js";
export { mount } from "./mount.js";

/** How near its rows may be drawn together where the room is low; smaller text before the next. */
const PRESSED = [[1, 0.75], [0.5], [0.3]];

/**
 * The drawing that suits the room: across where there is room, upright on a phone. Where a height is
 * given, the one with the largest text that fits, its rows drawn together if they must; where none
 * fits, the smallest.
 * @param {Graph} graph
 * @param {Options & {width: number, least?: number}} options `least`: the smallest text
 * @returns {Drawing}
 */
export function fit(graph, options) {
  const { width, height } = options;
  const text = options.text ?? 14;
  if (height === undefined) return flowing(graph, options);
  /** @type {Drawing | null} */
  let smallest = null;
  for (const { size, press, orientation } of trials(text, options.least ?? text)) {
    const drawing = describe(graph, { ...options, text: size, press, orientation });
    if (drawing.width > width + 0.5) continue;
    if (drawing.height <= height + 0.5) return drawing;
    if (smallest === null || drawing.height < smallest.height) smallest = drawing;
  }
  return smallest ?? flowing(graph, { ...options, text: options.least ?? text });
}

/**
 * Ways to draw it, best first.
 * @param {number} text
 * @param {number} least
 */
function trials(text, least) {
  const sizes = Array.from({ length: Math.max(1, text - least + 1) }, (_, less) => text - less);
  const ways = /** @type {const} */ (["across", "upright"]);
  return PRESSED.flatMap((presses) =>
    sizes.flatMap((size) => presses.flatMap((press) => ways.map((orientation) => ({ size, press, orientation })))),
  );
}

/**
 * @param {Graph} graph
 * @param {Options & {width: number}} options
 * @returns {Drawing}
 */
function flowing(graph, options) {
  const across = describe(graph, { ...options, orientation: "across" });
  if (across.width <= options.width + 0.5) return across;
  const upright = describe(graph, { ...options, orientation: "upright" });
  return upright.width < across.width ? upright : across;
}
