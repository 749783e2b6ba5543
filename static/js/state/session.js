/**
 * What the page holds for the moment and no link carries: answers of the server, play, hover.
 */
import { NO_HISTORY } from "./history.js";

/**
 * @typedef {{origin: string, scene: import("./scenes.js").Resolved, gradients: boolean,
 *            trace: import("../model/trace.js").Trace}} Held the last trace that came, and of which scene
 * @typedef {{reference: import("./scenes.js").Reference, scene: import("./scenes.js").Resolved | null, gradients: boolean,
 *            trace: any, problem: string}} Compared a network beside the one on the page
 * @typedef {{field: string, expected: string, got: string}} FieldError
 * @typedef {{about: "link" | "address" | "numbers" | "panel", title: string, detail: string, errors: FieldError[]}} Trouble
 * @typedef {{key: string, status: "loading" | "ready" | "failed", document: any,
 *            problem: string}} Explanation
 * @typedef {{held: Held | null, problem: Trouble | null,
 *            explanation: Explanation | null, playing: boolean, hover: string | null, help: boolean,
 *            workings: Record<string, {en: string, zh: string}>, singleKeys: boolean, panel: string | null,
 *            history: import("./history.js").History, began: Held | null,
 *            compared: Compared[], training: any}} Session
 *   `panel` is open beside the picture; `began` is what the lesson had before the first edit
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
    panel: null,
    history: NO_HISTORY,
    began: null,
    compared: [],
    training: null,
  };
}
