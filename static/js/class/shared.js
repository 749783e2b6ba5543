/**
 * What of the page's state a class shares, and the changes of it as merge patches (RFC 7396).
 */
import { equal } from "../edit/document.js";

/** A reader's own: their language and light, their predictions, their pace. */
const OWN = ["lang", "theme", "guesses", "speed", "loop"];

/**
 * @param {Record<string, any>} view
 * @param {boolean} own whether the reader's own part or the rest
 */
export function part(view, own) {
  return Object.fromEntries(Object.entries(view).filter(([key]) => OWN.includes(key) === own));
}

/**
 * @param {import("../state/model.js").State} state
 * @param {{id: string, scenes: {scene: any}[]}} lesson the studio's is known to its page alone
 * @returns {import("./room.js").Shared}
 */
export function shared({ scene, cursor, view }, lesson) {
  const unnamed = lesson.id === "studio" && scene === "studio";
  return { scene: unnamed ? lesson.scenes[0].scene : scene, cursor, view: part(view, false) };
}

/**
 * The merge patch that makes one value of another; undefined where there is nothing to change.
 * @param {any} before
 * @param {any} after
 * @returns {any}
 */
function change(before, after) {
  if (equal(before, after)) return undefined;
  if (!isObject(after)) return after;
  const known = isObject(before) ? before : {};
  /** @type {Record<string, any>} */
  const patch = {};
  for (const key of new Set([...Object.keys(known), ...Object.keys(after)])) {
    const each = key in after ? change(known[key], after[key]) : null;
    if (each !== undefined) patch[key] = each;
  }
  return patch;
}

/** @param {any} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What to `set` so that a class that has `before` has `after`; null where it has it. A scene goes whole.
 * @param {import("./room.js").Shared} before
 * @param {import("./room.js").Shared} after
 * @returns {Record<string, any> | null}
 */
export function patchOf(before, after) {
  /** @type {Record<string, any>} */
  const patch = {};
  if (!equal(before.scene, after.scene)) patch.scene = after.scene;
  for (const name of /** @type {("cursor" | "view")[]} */ (["cursor", "view"])) {
    const each = change(before[name], after[name]);
    if (each !== undefined && Object.keys(each).length > 0) patch[name] = each;
  }
  return Object.keys(patch).length > 0 ? patch : null;
}

/**
 * What the page restores: a class leaves out members that are null.
 * @param {import("./room.js").Shared} given
 */
export function given({ scene, cursor, view }) {
  return { scene, cursor: { node: null, stage: null, ...cursor }, view: part(view, false) };
}
