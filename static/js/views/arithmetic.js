/**
 * The arithmetic of one number as the server explained it: product by product, their sum, the
 * activation, the result, with every digit the number holds.
 */
import { h, icon } from "../dom.js";
import { exact, full, isRounded, rounded } from "../model/number.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {import("../words/translate.js").Translate} Translate
 * @typedef {{factors: {label: string, value: any}[], value: any}} Term
 */

/**
 * @param {Term} term
 * @param {string} words
 */
function termRow({ factors, value }, words) {
  const labels = factors.map(({ label }) => label).join(" · ");
  const product = factors.map((factor) => bracketed(exact(factor.value, words))).join(" · ");
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, labels),
    h("td", null, product),
    h("td", { class: "result" }, exact(value, words)),
  );
}

/** @param {string} text */
function bracketed(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

/**
 * @param {any} document
 * @param {Translate} t
 */
function closing({ apply, value }, t) {
  const words = t("not a number");
  const lines = [];
  if (apply) {
    lines.push(h("p", { class: "apply" }, `${apply.function}(${exact(apply.argument, words)}) = ${exact(value, words)}`));
  }
  const digits = full(value, words);
  if (digits !== exact(value, words)) lines.push(h("p", { class: "digits" }, t("All digits: {digits}", { digits })));
  if (isRounded(value)) lines.push(h("p", { class: "lecture" }, t("The lecture rounds it to {rounded}", { rounded: rounded(value, words) })));
  return lines;
}

/**
 * @param {any} document
 * @param {Translate} t
 */
function table(document, t) {
  const words = t("not a number");
  const sum = document.apply ? document.apply.argument : document.value;
  const terms = document.terms ?? [];
  const rows = terms.slice(0, 64).map((/** @type {Term} */ term) => termRow(term, words));
  const rest = terms.length - rows.length;
  if (rest > 0) rows.push(h("tr", null, h("td", { colspan: 3 }, t("and {count} more", { count: rest }))));
  const head = h("tr", null, h("th", { scope: "col" }, t("Term")), h("th", { scope: "col" }, t("Numbers")), h("th", { scope: "col" }, t("Product")));
  const foot = h("tr", { class: "sum" }, h("th", { scope: "row", colspan: 2 }, t("Sum")), h("td", { class: "result" }, exact(sum, words)));
  return h("table", { class: "terms" }, h("thead", null, head), h("tbody", null, ...rows), terms.length > 1 ? h("tfoot", null, foot) : null);
}

/**
 * @param {import("../state/session.js").Explanation} explanation
 * @param {string} lang
 * @param {() => void} close
 */
function content({ status, document, problem }, lang, close) {
  const t = translator(lang);
  const shut = h("button", { type: "button", class: "shut", "aria-label": t("Close the arithmetic"), on: { click: close } }, icon("close"));
  if (status === "loading") return [shut, h("p", { class: "loading" }, t("Computing…"))];
  if (status === "failed") return [shut, h("p", { class: "problem" }, t("The arithmetic could not be fetched."), " ", problem)];
  return [
    shut,
    h("p", { class: "worked", lang: lang === "zh" ? "zh-Hans" : "en" }, inLanguage(document.text, lang)),
    h("div", { class: "terms-scroll", tabindex: 0, role: "region", "aria-label": t("The terms") }, table(document, t)),
    ...closing(document, t),
  ];
}

/**
 * @param {HTMLElement} slot
 * @param {() => void} close
 * @returns {(explanation: import("../state/session.js").Explanation | null, lang: string) => void}
 */
export function arithmetic(slot, close) {
  /** @type {any} */
  let shown = null;
  return (explanation, lang) => {
    if (explanation === shown) return;
    shown = explanation;
    slot.replaceChildren();
    if (!explanation) return;
    const t = translator(lang);
    slot.append(h("section", { class: "arithmetic", "aria-label": t("The arithmetic") }, ...content(explanation, lang, close)));
  };
}
