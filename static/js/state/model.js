/**
 * The one state of a page, `{scene, cursor: {pass, t, node, stage}, view}`, and how anything that comes
 * from outside (a link, a message, a query) is brought into its bounds. `stage` is how far the step has
 * come where it is walked in parts (`view.level`): the address of the value that was reached, with the
 * number of operations done where it is not made yet (`layers.0.forward.z_f:3`); null at its end.
 */

/**
 * @typedef {"forward" | "backward"} Pass
 * @typedef {{pass: Pass, t: number | null, node: string | null, stage: string | null}} Cursor
 * @typedef {"step" | "equation" | "operation"} Level
 * @typedef {Record<string, any> & {lang: string, theme: string, notation: string}} View
 * @typedef {{scene: import("./scenes.js").Reference, cursor: Cursor, view: View}} State
 * @typedef {{en: string, zh: string}} Words
 * @typedef {{id: string, title: Words, scene: any, cells: string[], readout: string | null, attention?: string | null, steps?: number, rows?: number[][] | null}} LessonScene
 *   `cells` by layer, keys of cells
 * @typedef {{scene: string | null, t: number | null, pass: Pass, title: Words, text: Words}} Narration
 * @typedef {{scene: string | null, t: number | null, prompt: Words, address: string, at: number,
 *            kind: "number" | "choice", choices: {text: Words, value: number}[] | null,
 *            tolerance?: number, why?: Words | null}} Question
 * @typedef {{id: string, title: Words, summary: Words, scenes: LessonScene[],
 *            narration: Narration[], questions: Question[]}} Lesson
 */

export const LANGUAGES = ["en", "zh"];
export const THEMES = ["auto", "light", "dark", "projector"];
/** @type {Level[]} what one step of the reader is */
export const LEVELS = ["step", "equation", "operation"];
export const SPEEDS = [0.5, 1, 2];

const ADDRESS = /^[a-z][a-z0-9._]*\.[A-Za-z][A-Za-z0-9_]{0,31}(\[\d{1,6}\])?$/;
const STAGE = /^([a-z][a-z0-9._]*\.[A-Za-z][A-Za-z0-9_]{0,31})(?::(\d{1,6}))?$/;
const BARE = /^[A-Za-z][A-Za-z0-9_]{0,31}(\[\d{1,6}\])?$/;

/**
 * @param {any} value
 * @param {string[]} allowed
 * @param {string} otherwise
 */
function oneOf(value, allowed, otherwise) {
  return allowed.includes(value) ? value : otherwise;
}

/**
 * The lesson's scene that a state began with: its own, or the one it was edited from.
 * @param {State} state
 * @param {Lesson} lesson
 * @returns {string}
 */
export function originOf({ scene, view }, lesson) {
  if (typeof scene === "string") return scene;
  return typeof view.from === "string" ? view.from : lesson.id;
}

/**
 * @param {unknown} t
 * @param {number} steps
 * @returns {number | null}
 */
export function clampStep(t, steps) {
  if (typeof t !== "number" || !Number.isFinite(t) || t < 0) return null;
  return Math.min(Math.trunc(t), steps - 1);
}

/**
 * A bare name is the first layer's, forward.
 * @param {unknown} node
 * @returns {string | null}
 */
export function fullAddress(node) {
  if (typeof node !== "string") return null;
  if (ADDRESS.test(node)) return node;
  return BARE.test(node) ? `layers.0.forward.${node}` : null;
}

/**
 * A stage taken apart; `part` is null where its value is made.
 * @param {unknown} stage
 * @returns {{at: string, part: number | null} | null}
 */
export function stageParts(stage) {
  const match = typeof stage === "string" ? STAGE.exec(stage) : null;
  return match && { at: match[1], part: match[2] === undefined ? null : Number(match[2]) };
}

/**
 * Who goes to another step goes to all of it, unless the stage is named.
 * @param {any} given
 * @param {Cursor} base
 */
function stageWithin(given, base) {
  if ("stage" in given) return stageParts(given.stage) ? given.stage : null;
  return "t" in given || "pass" in given ? null : (base.stage ?? null);
}

/**
 * @param {any} cursor
 * @param {number} steps
 * @param {Cursor} base
 * @returns {Cursor}
 */
function cursorWithin(cursor, steps, base) {
  const given = cursor ?? {};
  return {
    stage: stageWithin(given, base),
    pass: /** @type {Pass} */ (oneOf(given.pass, ["forward", "backward"], base.pass)),
    t: "t" in given ? clampStep(given.t, steps) : clampStep(base.t, steps),
    node: "node" in given ? fullAddress(given.node) : base.node,
  };
}

/**
 * Whatever came from outside, brought into bounds: unknown values fall back, numbers are clamped.
 * A scene that cannot be resolved yet stays what it was.
 * @param {any} given
 * @param {State} base
 * @param {import("./scenes.js").Scenes} scenes
 * @returns {State}
 */
export function within(given, base, scenes) {
  const asked = scenes.canonical(given?.scene);
  const scene = asked !== null && scenes.resolve(asked) ? asked : base.scene;
  const view = { ...base.view, ...(given?.view ?? {}) };
  return {
    scene,
    cursor: cursorWithin(given?.cursor, scenes.resolve(scene)?.steps ?? Infinity, base.cursor),
    view: {
      ...view,
      lang: oneOf(view.lang, LANGUAGES, base.view.lang),
      theme: oneOf(view.theme, THEMES, base.view.theme),
      notation: oneOf(view.notation, Object.keys(scenes.notations), base.view.notation),
      ...("level" in view ? { level: oneOf(view.level, LEVELS, "step") } : {}),
    },
  };
}

/**
 * The page's beginning, from the query of its address (`t` counts from 1 there).
 * @param {import("./scenes.js").Scenes} scenes
 * @param {URLSearchParams} query
 * @param {{lang: string, theme: string}} page
 * @returns {State}
 */
export function beginning(scenes, query, page) {
  const { lesson } = scenes;
  /** @type {State} */
  const base = {
    scene: lesson.id,
    cursor: { pass: "forward", t: null, node: null, stage: null },
    view: { lang: page.lang, theme: page.theme, notation: "lee" },
  };
  /** @type {any} */
  const view = {};
  for (const key of ["lang", "theme", "notation", "level"]) {
    if (query.has(key)) view[key] = query.get(key);
  }
  const t = Number.parseInt(query.get("t") ?? "", 10);
  const cursor = { pass: query.get("pass"), t: t >= 1 ? t - 1 : null, node: query.get("node") };
  const scene = query.has("scene") ? `${lesson.id}/${query.get("scene")}` : lesson.id;
  return within({ scene, cursor, view }, base, scenes);
}

/**
 * The place (layer and direction) an address lies in: `layers.0.forward.c[2]` → `layers.0.forward`.
 * @param {string} address
 */
export function placeOf(address) {
  return address.slice(0, address.lastIndexOf("."));
}

/**
 * @param {string} address
 * @returns {{place: string, name: string, unit: number | null}}
 */
export function parts(address) {
  const place = placeOf(address);
  const match = /^([A-Za-z][A-Za-z0-9_]*)(?:\[(\d+)\])?$/.exec(address.slice(place.length + 1));
  if (!match) return { place, name: "", unit: null };
  return { place, name: match[1], unit: match[2] === undefined ? null : Number(match[2]) };
}
