/**
 * The server's arithmetic, asked for once: what is open, what stands beside the equations and what the
 * walk by operations counts are often the same.
 */

const KEPT = 400;

/** @typedef {import("../net/client.js").Net["explain"]} Explain */

/**
 * Requests as the server takes them, for one address or for several; only what is not known is asked.
 * @param {Explain} explain
 * @returns {Explain}
 */
export function remembering(explain) {
  /** @type {WeakMap<object, Map<string, Promise<any>>>} by scene: one that is edited is another */
  const scenes = new WeakMap();

  /** @param {Map<string, Promise<any>>} known @param {string} key @param {Promise<any>} answer */
  const keep = (known, key, answer) => {
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    if (known.size > KEPT) known.delete(known.keys().next().value ?? "");
  };

  /** @param {any} request @param {AbortSignal} signal @returns {Promise<any>[]} an answer for each address */
  const answers = ({ scene, t, pass, addresses }, signal) => {
    const known = scenes.get(scene) ?? new Map();
    scenes.set(scene, known);
    const keyOf = (/** @type {string} */ address) => `${pass} ${t} ${address}`;
    const missing = addresses.filter((/** @type {string} */ address) => !known.has(keyOf(address)));
    const [first, ...more] = missing;
    const asked = more.length > 0 ? { addresses: missing } : { address: first };
    const answer = missing.length > 0 ? explain({ scene, t, pass, ...asked }, signal) : null;
    const fresh = missing.map((/** @type {string} */ address, /** @type {number} */ index) => {
      const own = more.length > 0 ? answer?.then(({ explanations }) => explanations[index]) : answer;
      return [keyOf(address), own];
    });
    const all = new Map([...known, ...fresh]);
    for (const [key, own] of fresh) keep(known, key, own);
    return addresses.map((/** @type {string} */ address) => all.get(keyOf(address)));
  };

  return async (request, signal) => {
    if (!request.addresses) return answers({ ...request, addresses: [request.address] }, signal)[0];
    return { explanations: await Promise.all(answers(request, signal)) };
  };
}
