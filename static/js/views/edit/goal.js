/**
 * What the network should give: the loss and its targets; and the seed of what is drawn.
 */
import { h } from "../../dom.js";
import { put } from "../../edit/document.js";
import { fit } from "../../edit/fit.js";
import { parse, paste } from "../../edit/sheet.js";
import { setLoss } from "../../edit/structure.js";
import { block, chooser, counter, tick } from "./controls.js";
import { grid } from "./grid.js";

/** @typedef {import("./panel.js").Section} Section */
/** @typedef {import("./panel.js").Slice} Slice */
/** @typedef {import("./panel.js").About} About */

/** @type {Section} */
export const goal = {
  name: "goal",
  title: (t) => t("Goal"),
  fields: ["targets", "loss", "seed"],
  key: ({ document: { loss, targets, seed }, trace }) =>
    JSON.stringify([loss, targets?.map((/** @type {any} */ row) => (row === null ? null : (row.length ?? "class"))), seed, trace?.outputs.length, trace?.outputs[0]?.length]),
  build(slice, about) {
    const { t, act, shapesOf } = about;
    const { document: scene, trace } = slice;
    const outputs = { rows: trace?.outputs.length ?? 1, width: trace?.outputs[0]?.length ?? 1 };
    const losses = /** @type {[string, string][]} */ ([["", t("none")], ["squared_error", t("squared error")], ["cross_entropy", t("cross-entropy")], ["binary_cross_entropy", t("binary cross-entropy")]]);
    const rows = scene.targets ? targets(slice, about, outputs.width) : null;
    const choose = (/** @type {string} */ loss) =>
      act.edit((/** @type {any} */ before) => fit(setLoss(before, loss === "" ? null : loss, outputs), { shapesOf, steps: slice.steps }));
    return {
      element: h(
        "div",
        null,
        block(t("Loss"), chooser({ label: t("Measured by"), field: "loss", value: scene.loss ?? "", options: losses, choose })),
        rows?.element ?? null,
        block(t("Seed"), counter({ label: t("Of the weights that are drawn"), field: "seed", value: scene.seed ?? 0, least: 0, choose: (seed) => act.edit((/** @type {any} */ before) => ({ ...before, seed })) })),
      ),
      update: (next) => rows?.update(next),
    };
  },
};

/**
 * @param {any} target a row, a class, or none
 * @param {number} width
 */
function rowOf(target, width) {
  if (Array.isArray(target)) return target;
  return Array.from({ length: width }, (_, index) => (target === index ? 1 : 0));
}

/**
 * @param {Slice} slice
 * @param {About} about
 * @param {number} width
 */
function targets({ document: scene }, { t, act }, width) {
  const names = scene.labels?.outputs;
  const all = (/** @type {any} */ document) => (document?.targets ?? []).map((/** @type {any} */ target) => rowOf(target, width));
  const counts = scene.targets.map((/** @type {any} */ target) => target !== null);
  const numbers = grid({
    caption: t("Targets"), field: "targets",
    rows: counts.map((/** @type {boolean} */ _, /** @type {number} */ i) => String(i + 1)),
    columns: Array.from({ length: width }, (_, j) => names?.[j] ?? `y${j + 1}`),
    label: (i, j) => t("Target of step {t}, output {number}", { t: i + 1, number: j + 1 }),
    changed: (own) => t("the lesson has {own}", { own }),
    set: (i, j, value, tag) => act.edit((/** @type {any} */ before) => put(before, ["targets", i], put(rowOf(before.targets[i], width), [j], value)), tag),
    paste(i, j, text) {
      const { rows } = parse(text);
      if (rows?.length) act.edit((/** @type {any} */ before) => ({ ...before, targets: paste(all(before), rows, { row: i, column: j, grows: false }) }));
    },
    after: (i) => tick({ label: t("counts"), field: `targets[${i}]`, checked: counts[i], choose: (on) => act.edit((/** @type {any} */ before) => put(before, ["targets", i], on ? rowOf(null, width) : null)) }),
  });
  return {
    element: block(t("Targets"), numbers.element),
    /** @param {Slice} next */
    update: (next) => numbers.update(all(next.document), next.own?.targets ? all(next.own) : null),
  };
}
