/** A cell's diagram: `describe` makes a drawing of a graph, `mount` puts it on the page. */

/** @import {Drawing, Graph, Options} from "./types.js" */

import { describe } from "./layout.js";

export { describe } from "./layout.js";
export { mount } from "./mount.js";

/**
 * The drawing that suits a width: across where there is room, upright on a phone.
 * @param {Graph} graph
 * @param {Options & {width: number}} options
 * @returns {Drawing}
 */
export function fit(graph, options) {
  const across = describe(graph, { ...options, orientation: "across" });
  if (across.width <= options.width + 0.5) return across;
  const upright = describe(graph, { ...options, orientation: "upright" });
  return upright.width < across.width ? upright : across;
}
