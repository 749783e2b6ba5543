/**
 * A scene's document changed without changing it: every edit is a new document that shares what it
 * does not touch.
 */

/** @typedef {(string | number)[]} Path */

/**
 * @param {any} whole
 * @param {Path} path
 * @returns {any} undefined where there is nothing
 */
export function get(whole, path) {
  return path.reduce((part, key) => part?.[key], whole);
}

/**
 * @param {any} whole
 * @param {Path} path
 * @param {any} value undefined takes the field out
 * @returns {any}
 */
export function put(whole, path, value) {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const next = put(whole?.[key], rest, value);
  if (Array.isArray(whole)) return whole.map((each, index) => (index === key ? next : each));
  const copy = { ...whole };
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

/**
 * The stacks of layers a scene has: one, or an encoder's and a decoder's.
 * @param {any} scene
 * @returns {{name: string, path: Path, layers: any[]}[]} `name` begins the addresses of the stack's values
 */
export function stacks({ network }) {
  if (!network.encoder) return [{ name: "layers", path: ["network", "layers"], layers: network.layers }];
  return ["encoder", "decoder"].map((part) => ({
    name: `${part}.layers`,
    path: ["network", part, "layers"],
    layers: network[part]?.layers ?? [],
  }));
}

/**
 * Where a scene keeps its readout.
 * @param {any} scene
 * @returns {Path}
 */
export function readoutPath({ network }) {
  return network.encoder ? ["network", "decoder", "readout"] : ["network", "readout"];
}

/**
 * Whether two documents say the same.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => equal(a[key], b[key]));
}
