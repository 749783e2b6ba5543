/**
 * What the page holds for the moment and no link carries: answers of the server, play, hover.
 */

/**
 * @typedef {{key: string, gradients: boolean, trace: import("../model/trace.js").Trace}} Held
 * @typedef {{key: string, status: "loading" | "ready" | "failed", document: any,
 *            problem: string}} Explanation
 * @typedef {{held: Held | null, problem: {title: string, detail: string} | null,
 *            explanation: Explanation | null, playing: boolean, hover: string | null, help: boolean,
 *            workings: Record<string, {en: string, zh: string}>, singleKeys: boolean}} Session
 */

/**
 * @param {boolean} singleKeys
 * @returns {Session}
 */
export function emptySession(singleKeys) {
  return {
    held: null,
    problem: null,
    explanation: null,
    workings: {},
    playing: false,
    hover: null,
    help: false,
    singleKeys,
  };
}
