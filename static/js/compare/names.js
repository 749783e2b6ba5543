/**
 * What networks are called that stand side by side.
 */
import { inLanguage, translator } from "../words/translate.js";

/** @typedef {import("../state/scenes.js").Resolved} Resolved */

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
