/**
 * The server's arithmetic, asked for once: what is open, what stands beside the equations and what the
 * walk by operations counts are often the same.
 */

const KEPT = 400;

/** @typedef {import("../net/client.js").Net["explain"]} Explain */

/**
 * @param {Explain} explain
 * @returns {Explain}
 */
export function remembering(explain) {
  /** @type {WeakMap<object, Map<string, Promise<any>>>} by scene: one that is edited is another */
  const scenes = new WeakMap();
  return (request, signal) => {
    const { scene, address, t, pass } = request;
    const known = scenes.get(scene) ?? new Map();
    scenes.set(scene, known);
    const key = `${pass} ${t} ${address}`;
    const before = known.get(key);
    if (before) return before;
    const answer = explain(request, signal);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    if (known.size > KEPT) known.delete(known.keys().next().value);
    return answer;
  };
}
