/**
 * What the server wrote into the page: the lesson, its cells, the words, and the page's own facts.
 */

/**
 * @typedef {{lesson: import("./state/model.js").Lesson, cells: Record<string, any>, lang: string,
 *            notations: Record<string, import("./state/model.js").Words>,
 *            theme: string, messages: Record<string, string>, embedded: boolean, exported: boolean, studio: boolean,
 *            room?: {code: string, address: string, presents: boolean}}} Page
 */

/** @returns {Page} */
export function readPage() {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function region(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no region #${id}.`);
  return found;
}

/**
 * Which controls an embed shows.
 * @param {URLSearchParams} query
 * @returns {"full" | "step" | "none"}
 */
export function controlsOf(query) {
  const asked = query.get("controls");
  return asked === "step" || asked === "none" ? asked : "full";
}
