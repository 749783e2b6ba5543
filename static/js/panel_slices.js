/**
 * The piece of state that each panel beside the picture draws; it loads with the panel.
 */
import { networkNames } from "./compare/names.js";
import { otherCells, parameterCount } from "./compare/scenes.js";
import { drawn as onPage } from "./state/drawn.js";
import { originOf } from "./state/model.js";
import { derive } from "./state/store.js";

/**
 * @typedef {import("./state/scenes.js").Resolved} Resolved
 */

/**
 * @param {import("./state/model.js").State} state
 * @param {import("./state/session.js").Session} session
 * @param {any} drawn what every picture of the scene needs
 * @param {Resolved} shown
 */
function chartsSlice({ view }, { compared, training, hover }, drawn, shown) {
  const { content, scene, trace, place, cells, cursor } = drawn;
  const ready = compared.flatMap(({ scene: other }) => (other ? [other] : []));
  const names = networkNames([shown, ...ready], view.lang);
  return {
    lang: view.lang, theme: view.theme, content, scene, trace, place, cells, cursor, hover, chart: view.chart, name: names[0],
    others: ready.map((other, index) => ({ name: names[index + 1], scene: other.scene, content: other.content })),
    reports: training?.reports ?? NONE,
  };
}

/** @type {any[]} */
const NONE = [];

/**
 * @param {import("./state/model.js").State} state
 * @param {import("./state/session.js").Session} session
 * @param {Resolved} shown
 */
function trainingSlice({ view }, { training }, { scene }) {
  return { lang: view.lang, scene, settings: view.training ?? USUAL, course: training };
}

const USUAL = {};

/**
 * The network on the page and those beside it, each as its own picture at the same cursor.
 * @param {import("./state/model.js").State} state
 * @param {import("./state/session.js").Session} session
 * @param {{scenes: import("./state/scenes.js").Scenes, pictureOf: (state: any, session: any) => any,
 *          tabs: {key: string, title: any}[]}} page
 */
function compareSlice(state, session, { scenes, pictureOf, tabs }) {
  const { shown } = onPage(state, session, scenes);
  const ready = session.compared.flatMap(({ scene }) => (scene ? [scene] : []));
  const names = networkNames([shown, ...ready], state.view.lang);
  const main = { name: names[0], problem: "", ...counted(pictureOf(state, session)) };
  const beside = session.compared.map(({ reference, scene, gradients, trace, problem }) => {
    if (!scene) return { name: "", problem, picture: null, parameters: 0 };
    const own = { ...state, scene: reference };
    const held = { origin: originOf(own, scenes.lesson), scene, gradients, trace };
    return { name: names[1 + ready.indexOf(scene)], problem, ...counted(pictureOf(own, { ...session, held })) };
  });
  const edited = typeof state.scene !== "string";
  const taken = [state.scene, ...(state.view.compare ?? [])];
  return {
    lang: state.view.lang, networks: [main, ...beside],
    scenes: tabs.filter(({ key }) => !taken.includes(key) && !(edited && key === originOf(state, scenes.lesson))),
    cells: otherCells(shown.scene).filter((cell) => !ready.some(({ cells }) => cells.every(({ id }) => id === cell))),
    own: edited && !taken.includes(originOf(state, scenes.lesson)) ? originOf(state, scenes.lesson) : null,
  };
}

/** @type {WeakMap<object, number>} */
const counts = new WeakMap();

/** @param {any} picture */
function counted(picture) {
  const { trace } = picture;
  if (trace && !counts.has(trace)) counts.set(trace, parameterCount(trace));
  return { picture, parameters: (trace && counts.get(trace)) ?? 0 };
}

/**
 * @typedef {import("./actions/index.js").World & {comparing?: boolean,
 *            pictureOf: (state: import("./state/model.js").State, session: import("./state/session.js").Session) => any,
 *            tabs: import("./state/store.js").Source<{scenes: {key: string, title: any}[]}>}} Beside
 *   what the page hands its panels
 */

/** @param {Beside} page */
export function chartsSource({ state, session, scenes, pictureOf }) {
  return derive([state, session], (now, held) => chartsSlice(now, held, pictureOf(now, held), onPage(now, held, scenes).shown));
}

/** @param {Beside} page */
export function trainingSource({ state, session, scenes }) {
  return derive([state, session], (now, held) => trainingSlice(now, held, onPage(now, held, scenes).shown));
}

/** @param {Beside} page */
export function compareSource({ state, session, scenes, pictureOf, tabs }) {
  return derive([state, session], (now, held) => compareSlice(now, held, { scenes, pictureOf, tabs: tabs.get().scenes }));
}
