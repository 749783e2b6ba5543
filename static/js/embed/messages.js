/**
 * The messages between an embed and the page it sits in, as data: what a message asks for, what the
 * frame says. Messages not addressed to us are met with silence.
 */

const COMMANDS = ["setState", "getState", "step", "back", "play", "pause", "reset"];

/**
 * @param {any} data
 * @returns {{type: string, state: any} | null}
 */
export function readMessage(data) {
  if (typeof data !== "object" || data === null || data.target !== "unrolled") return null;
  if (!COMMANDS.includes(data.type)) return { type: "unknown", state: null };
  return { type: data.type, state: data.state ?? null };
}

/**
 * @param {string} type
 * @param {Record<string, any>} [more]
 */
export function message(type, more = {}) {
  return { source: "unrolled", version: 1, type, ...more };
}
