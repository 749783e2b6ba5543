/**
 * A prediction: the reader commits an answer before the step that shows it; the engine's value answers.
 */
import { h, keyed } from "../dom.js";
import { exact, rounded } from "../model/number.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, index: number, question: import("../state/model.js").Question | null,
 *            guess: any, answer: any, revealed: boolean}} Asked
 * @typedef {Asked & {earlier?: Asked | null}} Slice
 * @typedef {{guess: (index: number, value: any) => void, next: () => void}} Act
 */

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function choices({ question, lang, index }, act) {
  const buttons = (question?.choices ?? []).map(({ text, value }) =>
    h("button", { type: "button", class: "choice", on: { click: () => act.guess(index, value) } }, inLanguage(text, lang)),
  );
  return h("div", { class: "choices" }, ...buttons);
}

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function entry({ lang, index }, act) {
  const t = translator(lang);
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", required: true, class: "guess" });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
    const valid = input.value.trim() !== "" && Number.isFinite(value);
    input.setCustomValidity(valid ? "" : t("A number, please."));
    if (valid) act.guess(index, value);
    else input.reportValidity();
  };
  input.addEventListener("input", () => input.setCustomValidity(""));
  return h(
    "form",
    { class: "guess-form", novalidate: true, on: { submit } },
    h("label", null, h("span", null, t("Your prediction")), input),
    h("button", { type: "submit", class: "commit" }, t("Commit")),
  );
}

/**
 * @param {Asked} slice
 * @returns {string}
 */
function guessText({ question, guess, lang }) {
  const choice = question?.choices?.find(({ value }) => value === guess);
  return choice ? `“${inLanguage(choice.text, lang)}”` : rounded(guess);
}

/**
 * Right is the choice nearest to the engine's value, or a number as near as the lecture rounds.
 * @param {import("../state/model.js").Question} question
 * @param {number} guess
 * @param {unknown} answer
 */
function isRight(question, guess, answer) {
  if (typeof answer !== "number") return false;
  const away = (/** @type {number} */ value) => Math.abs(value - answer);
  if (question.choices) return question.choices.every(({ value }) => away(guess) <= away(value));
  return away(guess) <= (question.tolerance ?? 0.01) || rounded(guess) === rounded(answer);
}

/**
 * @param {Asked} slice
 */
function verdict(slice) {
  const { lang, guess, answer, question: asked } = slice;
  const t = translator(lang);
  const vars = { guess: guessText(slice), answer: exact(answer, t("not a number")) };
  const right = asked !== null && guess !== undefined && isRight(asked, guess, answer);
  const words =
    guess === undefined
      ? t("The engine computes {answer}.", vars)
      : right
        ? t("You said {guess}, and so it is: the engine computes {answer}.", vars)
        : t("You said {guess}; the engine computes {answer}.", vars);
  const why = asked?.why ? h("p", { class: "why" }, inLanguage(asked.why, lang)) : null;
  return [h("p", { class: right ? "verdict right" : "verdict" }, words), ...(why ? [why] : [])];
}

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function body(slice, act) {
  const t = translator(slice.lang);
  if (slice.revealed) return slice.answer === null ? [] : verdict(slice);
  if (slice.guess === undefined) return [slice.question?.choices ? choices(slice, act) : entry(slice, act)];
  return [
    h("p", { class: "committed" }, t("You said {guess}. Step on to see.", { guess: guessText(slice) })),
    h("button", { type: "button", class: "commit", on: { click: () => act.next() } }, t("Next step")),
  ];
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function question(container, source, act) {
  return keyed(
    source,
    (slice) => slice,
    (slice) => {
      const t = translator(slice.lang);
      const within = container.contains(document.activeElement);
      container.hidden = slice.question === null;
      container.classList.toggle("revealed", slice.revealed);
      if (slice.question === null) {
        container.replaceChildren();
        return { update: () => {} };
      }
      const answered = slice.guess === undefined ? t("The answer") : t("Your prediction, and the answer");
      const title = slice.revealed ? answered : t("Before you step");
      const said = t("Your prediction, and the answer");
      const earlier = slice.earlier
        ? [h("div", { class: "earlier" }, h("h3", { class: "question-title" }, said), ...verdict(slice.earlier))]
        : [];
      container.replaceChildren(
        ...earlier,
        h("h3", { class: "question-title" }, title),
        h("p", { class: "prompt" }, inLanguage(slice.question.prompt, slice.lang)),
        ...body(slice, act),
      );
      if (within) container.querySelector("button")?.focus();
      return { update: () => {} };
    },
  );
}
