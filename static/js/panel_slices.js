/**
 * The piece of state that each panel beside the picture draws.
 */
import { inLanguage, translator } from "./words/translate.js";

/**
 * @typedef {import("./state/scenes.js").Resolved} Resolved
 */

/**
 * What a network is called beside others: its scene's name in the lesson, or what its cell is.
 * @param {Pick<Resolved, "title" | "cells">} resolved
 * @param {string} lang
 * @returns {string}
 */
export function networkName({ title, cells }, lang) {
  return inLanguage(title ?? cells[0]?.title, lang) || (cells[0]?.id ?? "");
}

/**
 * Names for several networks, so that no two are the same.
 * @param {Pick<Resolved, "title" | "cells">[]} all
 * @param {string} lang
 */
export function networkNames(all, lang) {
  const t = translator(lang);
  const names = all.map((each) => networkName(each, lang));
  return names.map((name, index) => (names.indexOf(name) === names.lastIndexOf(name) ? name : t("{name} ({number})", { name, number: index + 1 })));
}

/**
 * @param {import("./state/model.js").State} state
 * @param {import("./state/session.js").Session} session
 * @param {any} drawn what every picture of the scene needs
 * @param {Resolved} shown
 */
export function chartsSlice({ view }, { compared, training }, drawn, shown) {
  const { content, scene, trace, place, cells, cursor } = drawn;
  const ready = compared.flatMap(({ scene: other }) => (other ? [other] : []));
  const names = networkNames([shown, ...ready], view.lang);
  return {
    lang: view.lang, theme: view.theme, content, scene, trace, place, cells, cursor, chart: view.chart, name: names[0],
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
export function trainingSlice({ view }, { training }, { scene }) {
  return { lang: view.lang, scene, settings: view.training ?? USUAL, course: training };
}

const USUAL = {};
