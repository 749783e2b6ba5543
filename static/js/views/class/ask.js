/**
 * The dialog in which a presenter asks: a choice, or a number, which may be a value of the scene.
 */
import { h } from "../../dom.js";
import { cellAt, places, series } from "../../model/trace.js";
import { gates } from "../../words/clauses.js";
import { valueName, whereOf } from "../../words/names.js";
import { dialog } from "./dialogs.js";

/**
 * @typedef {import("../../words/translate.js").Translate} Translate
 * @typedef {{state: import("../../state/model.js").State, held: import("../../state/session.js").Held | null}} Now
 * @typedef {{address: string, name: string}} Value
 */

const UNITS = 8;

/**
 * The values of the scene that can be asked for: gates and memory first.
 * @param {Now} now
 * @param {Translate} t
 * @returns {Value[]}
 */
function values({ held }, t) {
  if (!held) return [];
  const { trace, scene } = held;
  return places(trace).flatMap(({ place }) => {
    const cell = cellAt({ trace, cells: scene.cells }, place);
    const all = series(trace, place, "forward");
    if (!cell) return [];
    const order = [...gates(cell).map(({ name }) => name), ...cell.state, ...cell.equations.map(({ name }) => name)];
    const names = [...new Set(order)].filter((name) => name in all);
    const where = whereOf(trace, place, t);
    return names.flatMap((name) =>
      (all[name][0] ?? []).slice(0, UNITS).map((_, unit, row) => {
        const said = valueName(cell, name, t) + (row.length > 1 ? ` [${unit + 1}]` : "");
        return { address: `${place}.${name}[${unit}]`, name: where === "" ? said : `${where}: ${said}` };
      }),
    );
  });
}

/** @param {string} label @param {HTMLElement} control */
function field(label, control) {
  return h("label", { class: "ask-field" }, h("span", null, label), control);
}

/**
 * Fields of a value of the scene, with a question made of them until one is written.
 * @param {Now} now
 * @param {Translate} t
 * @param {HTMLInputElement} question
 */
function bound(now, t, question) {
  const all = values(now, t);
  const steps = now.held?.trace.steps ?? 1;
  const next = Math.min(steps, (now.state.cursor.t ?? -1) + 2);
  const value = h("select", { name: "address" }, ...all.map(({ address, name }) => h("option", { value: address }, name)));
  const step = h("input", { name: "t", type: "number", min: 1, max: steps, step: 1, value: next, required: true });
  let written = "";
  const suggest = () => {
    if (question.value !== written) return;
    written = t("What will {name} be at step {t}?", { name: value.selectedOptions[0]?.textContent ?? "", t: step.value });
    question.value = written;
  };
  for (const each of [value, step]) each.addEventListener("input", suggest);
  return { all, value, step, suggest, parts: [field(t("Value"), value), field(t("Step"), step)] };
}

/**
 * @param {Translate} t
 * @param {Now} now
 * @param {(poll: Record<string, any>) => void} open
 */
export function ask(t, now, open) {
  const question = h("input", { name: "question", type: "text", required: true, maxlength: 500, autocomplete: "off" });
  const choices = h("textarea", { name: "choices", rows: 4, required: true });
  const right = h("input", { name: "answer", type: "text", inputmode: "decimal", autocomplete: "off" });
  const of = bound(now, t, question);
  const kinds = /** @type {[string, string, () => HTMLElement[]][]} */ ([
    ...(of.all.length > 0 ? [["value", t("A number that the network computes"), () => of.parts]] : []),
    ["choices", t("A choice"), () => [field(t("Choices, one a line"), choices), field(t("Which of them is right (1, 2, …), if any"), right)]],
    ["number", t("Any number"), () => [field(t("The right answer, if there is one"), right)]],
  ]);
  const kind = h("select", { name: "kind" }, ...kinds.map(([id, name]) => h("option", { value: id }, name)));
  const rest = h("div", { class: "ask-fields" });
  const said = h("p", { class: "class-refused", role: "alert" });
  const show = () => {
    rest.replaceChildren(...(kinds.find(([id]) => id === kind.value)?.[2]() ?? []));
    if (kind.value === "value") of.suggest();
  };
  kind.addEventListener("change", show);
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const found = read(kind.value, { choices: choices.value, right: right.value, address: of.value.value, step: of.step.valueAsNumber }, t);
    if (typeof found === "string") {
      said.textContent = found;
      return;
    }
    open({ question: question.value, ...found });
    made.close();
  };
  const form = h("form", { class: "ask", on: { submit: send } }, field(t("Kind of question"), kind), rest, field(t("Question"), question), said, h("button", { class: "start" }, t("Ask everybody")));
  show();
  const made = dialog(t("Ask the class"), t("Close"), "class-ask", form);
  question.focus();
  question.select();
}

/**
 * What the fields ask for, or a message to the reader.
 * @param {string} kind
 * @param {{choices: string, right: string, address: string, step: number}} fields
 * @param {Translate} t
 * @returns {Record<string, any> | string}
 */
export function read(kind, { choices, right, address, step }, t) {
  if (kind === "value") return { address, t: step - 1 };
  const text = right.trim().replace(/^[−–]/, "-").replace(",", ".");
  const answer = Number(text);
  const given = text === "" ? {} : { answer };
  if (kind === "number") return Number.isFinite(answer) ? given : t("The right answer must be a number, or empty.");
  const all = choices.split("\n").map((each) => each.trim()).filter((each) => each !== "");
  if (all.length < 2 || all.length > 10) return t("A choice needs two to ten lines.");
  if (text === "") return { choices: all };
  if (!Number.isInteger(answer) || answer < 1 || answer > all.length) return t("The right choice is the number of its line, or empty.");
  return { choices: all, answer: answer - 1 };
}
