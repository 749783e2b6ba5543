/**
 * The server's answers. A refusal becomes a Problem.
 */

import { Problem } from "./problem.js";

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} one that went well; a refusal is a Problem
 */
async function ask(url, init) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { credentials: "omit", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem("", "", 0);
  }
  if (response.ok) return response;
  const document = await response.json().catch(() => null);
  const errors = document?.errors ?? [];
  const first = errors[0];
  const where = first ? `${first.field}: ${first.expected} ≠ ${first.got}` : (document?.detail ?? "");
  throw new Problem(document?.title ?? "", where, response.status, errors);
}

/**
 * @param {string} url
 * @param {RequestInit} [init]
 */
async function json(url, init) {
  const response = await ask(url, init);
  return response.json().catch(() => {
    throw new Problem("", "", response.status);
  });
}

/**
 * @param {string} url
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
function post(url, body, signal) {
  const headers = { "Content-Type": "application/json" };
  return json(url, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/**
 * @param {string} url
 * @param {unknown} body
 * @param {string} media
 */
async function file(url, body, media) {
  const headers = { "Content-Type": "application/json", Accept: media };
  return (await ask(url, { method: "POST", headers, body: JSON.stringify(body) })).blob();
}

/**
 * @typedef {{trace: (scene: any, gradients: boolean, signal?: AbortSignal) => Promise<any>,
 *            describe: (scene: any) => Promise<any>,
 *            scene: (id: string) => Promise<any>,
 *            explain: (request: any, signal: AbortSignal) => Promise<any>,
 *            figure: (request: any, signal: AbortSignal) => Promise<any>,
 *            store: (scene: any) => Promise<{id: string}>,
 *            openRoom: (asked: {lesson: string} | {scene: any}) => Promise<{code: string, presenter_url: string}>,
 *            exportFile: (scene: any, lang: string) => Promise<Blob>,
 *            traceFile: (scene: any, gradients: boolean, media: string) => Promise<Blob>,
 *            cells: () => Promise<any[]>,
 *            typedCell: (cell: any) => Promise<any>,
 *            catalogue: (lang: string, part?: string) => Promise<Record<string, string>>}} Net
 */

/** @type {Net} */
export const net = {
  trace: (scene, gradients, signal) => post("/api/v1/traces", { scene, gradients }, signal),
  describe: (scene) => post("/api/v1/descriptions", { scene }),
  scene: (id) => json(`/api/v1/scenes/${id}`),
  explain: (request, signal) => post("/api/v1/explanations", request, signal),
  figure: (request, signal) => post("/api/v1/figures", request, signal),
  store: (scene) => post("/api/v1/scenes", { scene }),
  openRoom: (asked) => post("/api/v1/rooms", asked),
  exportFile: (scene, lang) => file("/api/v1/exports", { scene, lang }, "text/html"),
  traceFile: (scene, gradients, media) => file("/api/v1/traces", { scene, gradients }, media),
  cells: () => json("/api/v1/cells"),
  typedCell: (cell) => post("/api/v1/cells", cell),
  catalogue: (lang, part) => json(`/catalogues/${lang}.json${part ? `?part=${part}` : ""}`),
};
