/**
 * The messages between an embed and the page it sits in, as data: what a message asks for, what the
 * frame says. Messages not addressed to us are met with silence.
 */

const COMMANDS = ["setState", "getState", "step", "back", "play", "pause", "reset"];

/**
 * @param {any} value
 * @returns {boolean}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {any} data
 * @returns {{type: string, state: any, error?: string} | null} null for what is not addressed to us
 */
export function readMessage(data) {
  if (!isObject(data) || data.target !== "unrolled") return null;
  const { type, state = null } = data;
  if (!COMMANDS.includes(type)) {
    return { type: "", state: null, error: `type: expected one of ${COMMANDS.join(", ")}, got ${JSON.stringify(type)?.slice(0, 60)}` };
  }
  if (type === "setState" && !isObject(state)) return { type, state: null, error: "state: expected an object, got something else" };
  return { type, state };
}

/**
 * @param {string} type
 * @param {Record<string, any>} [more]
 */
export function message(type, more = {}) {
  return { source: "unrolled", version: 1, type, ...more };
}
