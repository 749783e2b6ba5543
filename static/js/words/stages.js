/**
 * What one stage of a step did, in words: an equation, or one operation of it.
 */
import { printed, sized } from "../model/number.js";
import { operationsOf, sumOf } from "../model/operations.js";
import { cellAt, frame as frameOf } from "../model/trace.js";
import { parts } from "../state/model.js";
import { change, gates, openness } from "./clauses.js";
import { list, purposeOf, roleOf, valueName, whereOf } from "./names.js";

/**
 * @typedef {import("./translate.js").Translate} Translate
 * @typedef {import("./sentences.js").What} What
 * @typedef {import("../model/trace.js").Trace} Trace
 * @typedef {import("../model/trace.js").Cell} Cell
 */

/**
 * The value the present stage makes, and the cell it belongs to.
 * @param {Pick<What, "trace" | "cells" | "readoutCell" | "stage">} what
 */
function made({ trace, cells, readoutCell, stage }) {
  const { place, name } = parts(/** @type {string} */ (stage.at));
  return { place, name, cell: place === "decoder.attention" ? undefined : cellAt({ trace, cells, readoutCell }, place) };
}

/**
 * @param {What & {trace: Trace}} what
 * @returns {string}
 */
function valueClause(what) {
  const { trace, scene, cells, cursor, t } = what;
  const { place, name, cell } = made(what);
  const said = valueName(cell, name, t);
  const { values, gradients, previous } = frameOf({ trace, scene, cells, place, cursor });
  if (cursor.pass === "backward") return t("the gradient of {name} is {value}", { name: said, value: list(gradients?.[name], t, sized) });
  const found = values?.[name];
  if (!found) return said;
  if (cell && gates(cell).some((gate) => gate.name === name)) return openness(found, said, t);
  if (cell?.state.includes(name) && previous?.[name]) return change(previous[name], found, said, t);
  return t("{name} is {value}", { name: said, value: list(found, t) });
}

/**
 * @param {any} document the server's explanation
 * @param {number} part how many operations are done
 * @param {Translate} t
 */
function operationClause(document, part, t) {
  if (!document) return "";
  const words = t("not a number");
  const all = operationsOf(document);
  const done = all[Math.min(part, all.length) - 1];
  if (!done) return "";
  if (done.kind === "sum") return t("the sum is {value}", { value: printed(sumOf(document), words) });
  if (done.kind === "apply") {
    const { function: sign, argument } = document.apply;
    return t("{function} of {argument} is {value}", { function: sign, argument: printed(argument, words), value: printed(document.value, words) });
  }
  const { factors, value } = document.terms[done.index];
  const numbers = factors.map((/** @type {any} */ factor) => printed(factor.value, words)).join(" · ");
  const count = all.filter(({ kind }) => kind === "term").length;
  const vars = { n: done.index + 1, count, numbers, value: printed(value, words) };
  return factors.length > 1 ? t("term {n} of {count}: {numbers} = {value}", vars) : t("term {n} of {count}: {value}", vars);
}

/**
 * What the present stage did, without saying where it stands.
 * @param {What & {trace: Trace}} what
 * @returns {string}
 */
function stageClause(what) {
  const { stage, explanation, t } = what;
  if (stage.part === null) return valueClause(what);
  const { name, cell } = made(what);
  const done = operationClause(explanation, stage.part, t);
  return done === "" ? valueName(cell, name, t) : t("{where}: {what}", { where: valueName(cell, name, t), what: done });
}

/**
 * One sentence for a stage.
 * @param {What & {trace: Trace}} what
 * @returns {string}
 */
export function stageSentence(what) {
  const { trace, cursor, steps, stage, t } = what;
  const where = whereOf(trace, made(what).place, t);
  const clause = stageClause(what);
  const vars = { t: (cursor.t ?? 0) + 1, steps, n: stage.index + 1, count: stage.count };
  return t("Step {t} of {steps}, value {n} of {count}: {what}.", { ...vars, what: where === "" ? clause : t("{where}: {what}", { where, what: clause }) });
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A stage in the words beside the picture: where, which value, what it came to, what it is there for.
 * @param {What & {trace: Trace}} what
 * @returns {{place: string, title: string, done: string, why: string}}
 */
export function stageWords(what) {
  const { trace, stage, cursor, t } = what;
  const { name, cell, place } = made(what);
  const title = valueName(cell, name, t);
  const said = cursor.pass === "backward" ? t("The gradient of {name}", { name: title }) : title;
  const gate = stage.current.map((address) => parts(address).name).find((each) => purposeOf(each, roleOf(cell, each), t) !== "");
  const why = gate === undefined || cursor.pass === "backward" ? "" : purposeOf(gate, roleOf(cell, gate), t);
  const where = t("{n} of {count}", { n: stage.index + 1, count: stage.count });
  const clause = stage.part === null ? valueClause(what) : operationClause(what.explanation, stage.part, t);
  const layer = whereOf(trace, place, t);
  return { place: layer === "" ? where : `${where} · ${layer}`, title: capital(said), done: clause === "" ? "" : t("{what}.", { what: capital(clause) }), why };
}
