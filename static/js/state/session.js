/**
 * What the page holds for the moment and no link carries: answers of the server, play, hover.
 */

/**
 * @typedef {{origin: string, scene: import("./scenes.js").Resolved, gradients: boolean,
 *            trace: import("../model/trace.js").Trace}} Held the last trace that came, and of which scene
 * @typedef {{field: string, expected: string, got: string}} FieldError
 * @typedef {{about: "link" | "numbers", title: string, detail: string, errors: FieldError[]}} Trouble
 * @typedef {{key: string, status: "loading" | "ready" | "failed", document: any,
 *            problem: string}} Explanation
 * @typedef {{held: Held | null, problem: Trouble | null,
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
