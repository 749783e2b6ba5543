/**
 * The arithmetic of one number as the server explained it: product by product, their sum, the
 * activation, the result, with every digit the number holds. Where a step is walked operation by
 * operation, as far as it has come.
 */
import { h, icon } from "../dom.js";
import { full, isRounded, precise, printed, rounded } from "../model/number.js";
import { MOST, operationsOf, sumOf } from "../model/operations.js";
import { inLanguage, translator } from "../words/translate.js";
import { curve } from "./curve.js";
import { reveal } from "./reveal.js";
import { labelled } from "./label.js";

/**
 * @typedef {import("../words/translate.js").Translate} Translate
 * @typedef {{label: string, value: any, address?: string | null, t?: number | null}} Factor
 * @typedef {{factors: Factor[], value: any}} Term
 * @typedef {{lang: string, terms: import("./label.js").Terms, inReadout: boolean, backward: boolean,
 *            follow: (address: string, t: number) => void}} How
 * @typedef {"done" | "present" | "ahead"} Progress
 */

/** @type {Record<string, string>} */
const FUNCTIONS = { sigmoid: "σ", identity: "id" };

/**
 * How far each operation is when so many of them are done.
 * @param {any} document
 * @param {number | null} part null where all are
 * @returns {(kind: string, index?: number) => Progress}
 */
function progressOf(document, part) {
  const all = operationsOf(document);
  return (kind, index) => {
    if (part === null) return "done";
    const at = all.findIndex((each) => each.kind === kind && (each.kind !== "term" || each.index === index));
    return at === part - 1 ? "present" : at < part ? "done" : "ahead";
  };
}

/**
 * Factors as they are written, or their numbers.
 * @param {Factor[]} factors
 * @param {(factor: Factor) => Node | string} show
 */
function joined(factors, show) {
  return factors.flatMap((factor, index) => [index > 0 ? " · " : "", show(factor)]);
}

/**
 * @param {Term} term
 * @param {string} words
 * @param {{how: How, progress: Progress}} about
 */
function termRow({ factors, value }, words, { how, progress }) {
  const word = h("span", { class: "visually-hidden" }, translator(how.lang)("Term"), " ");
  const labels = [word, ...joined(factors, (factor) => name(factor, how))];
  const numbers = joined(factors, (factor) => bracketed(precise(factor.value, words)));
  const product = factors.length > 1 ? [...numbers, " = "] : [];
  const shown = progress === "ahead" ? ["?"] : [...product, h("span", { class: "result" }, printed(value, words))];
  return h("tr", { "data-progress": progress }, h("th", { scope: "row" }, ...labels), h("td", null, ...shown));
}

/**
 * Going backward a term is the gradient that comes in, times how the value acts there: names above, numbers below.
 * @param {Term} term
 * @param {string} words
 * @param {{how: How, progress: Progress}} about
 */
function gradientRow({ factors, value }, words, { how, progress }) {
  const number = (/** @type {Factor} */ factor) => bracketed(precise(factor.value, words));
  const line = (/** @type {string} */ kind, /** @type {(factor: Factor) => Node | string} */ show) => {
    const [incoming, ...local] = factors;
    return h("span", { class: kind }, h("span", { class: "incoming" }, show(incoming)), ...local.flatMap((factor) => [" · ", show(factor)]));
  };
  const shown = progress === "ahead" ? "?" : printed(value, words);
  const numbers = progress === "ahead" ? [] : [line("numbers-of", number)];
  return h("tr", { "data-progress": progress }, h("th", { scope: "row" }, line("signs", (factor) => name(factor, how)), ...numbers), h("td", { class: "result" }, shown));
}

/**
 * A factor that is itself a value leads to its own arithmetic.
 * @param {Factor} factor
 * @param {How} how
 */
function name({ label, address, t: step }, { terms, inReadout, follow, lang }) {
  const sign = labelled(label, terms, inReadout);
  const leads = address && typeof step === "number" && /\[\d+\]$/.test(address) && !/\.x\[\d+\]$/.test(address);
  if (!leads) return sign;
  const t = translator(lang);
  const words = t("Go to {label} at step {t}", { label, t: step + 1 });
  return h("button", { type: "button", class: "factor", "aria-label": words, title: words, on: { click: () => follow(address, step) } }, sign);
}

/** @param {string} text */
function bracketed(text) {
  return text.startsWith("−") ? `(${text})` : text;
}

/**
 * @param {any} document
 * @param {Translate} t
 * @param {Progress} progress how far the function is
 */
function closing({ apply, value }, t, progress) {
  if (progress === "ahead") return [];
  const words = t("not a number");
  const lines = [];
  if (apply) {
    const sign = FUNCTIONS[apply.function] ?? apply.function;
    const given = (apply.arguments ?? [apply.argument]).map((/** @type {any} */ each) => printed(each, words));
    if (apply.curve) lines.push(curve(apply, value, { sign, t }));
    lines.push(h("p", { class: "apply" }, `${sign}(${given.join(t(", "))}) = ${printed(value, words)}`));
  }
  const digits = full(value, words);
  if (digits !== printed(value, words)) lines.push(h("p", { class: "digits" }, t("All digits: {digits}", { digits })));
  if (isRounded(value)) lines.push(h("p", { class: "lecture" }, t("The lecture rounds it to {rounded}", { rounded: rounded(value, words) })));
  return lines;
}

/**
 * @param {any} document
 * @param {How} how
 * @param {ReturnType<typeof progressOf>} progress
 */
function table(document, how, progress) {
  const t = translator(how.lang);
  const words = t("not a number");
  const terms = document.terms ?? [];
  const split = how.backward && terms.some((/** @type {Term} */ { factors }) => factors.length > 1);
  const heads = split ? [h("span", { class: "incoming" }, t("Gradient that comes in")), " · ", t("local derivative")] : [t("Term")];
  const line = split ? gradientRow : termRow;
  const rows = terms.slice(0, MOST).map((/** @type {Term} */ term, /** @type {number} */ index) => line(term, words, { how, progress: progress("term", index) }));
  const rest = terms.length - rows.length;
  if (rest > 0) rows.push(h("tr", null, h("td", { colspan: 2 }, t("and {count} more", { count: rest }))));
  const summed = progress("sum");
  const sum = summed === "ahead" ? "?" : printed(sumOf(document), words);
  const foot = h("tr", { class: "sum", "data-progress": summed }, h("th", { scope: "row" }, t("Sum")), h("td", { class: "result" }, sum));
  const head = h("tr", null, h("th", { scope: "col" }, ...heads), h("th", { scope: "col" }, t("Product")));
  return h("table", { class: split ? "terms split" : "terms" }, h("thead", null, head), h("tbody", null, ...rows), terms.length > 1 ? h("tfoot", null, foot) : null);
}

/**
 * @param {import("../state/session.js").Explanation} explanation
 * @param {number | null} part
 * @param {{how: How, close: () => void}} about
 */
function content({ status, document, problem }, part, { how, close }) {
  const { lang } = how;
  const t = translator(lang);
  const shut = h("button", { type: "button", class: "shut", "aria-label": t("Close the arithmetic"), on: { click: close } }, icon("close"));
  if (status === "loading") return [shut, h("p", { class: "loading" }, t("Computing…"))];
  if (status === "failed") return [shut, h("p", { class: "problem" }, t("The arithmetic could not be fetched."), " ", problem)];
  const progress = progressOf(document, part);
  const terms = h("div", { class: "terms-scroll", tabindex: 0, role: "region", "aria-label": t("The terms") }, table(document, how, progress));
  return [
    shut,
    part === null ? h("p", { class: "worked" }, inLanguage(document.text, lang).replaceAll("-", "−")) : h("p", { class: "worked under-way" }, t("Operation {n} of {count}", { n: part, count: operationsOf(document).length })),
    (document.terms ?? []).length > 0 ? terms : null,
    ...(part === null ? closing(document, t, "done") : document.apply ? closing(document, t, progress("apply")) : []),
  ].filter((piece) => piece !== null);
}

/**
 * Opened from elsewhere on the page, the arithmetic takes the focus; closed, it gives it back.
 * @param {HTMLElement} slot
 */
function focusKeeper(slot) {
  /** @type {Element | null} */
  let opener = null;
  return {
    /** @param {HTMLElement} section */
    take(section) {
      const active = document.activeElement;
      opener = active === document.body || slot.parentElement?.contains(active) ? null : active;
      if (!opener) return;
      section.focus({ preventScroll: true });
      reveal(section);
    },
    /** @param {boolean} within whether the focus was in what is closing */
    giveBack(within) {
      const target = opener?.isConnected ? opener : slot.parentElement?.querySelector(".number");
      if (within && target) /** @type {HTMLElement} */ (target).focus();
      opener = null;
    },
  };
}

/**
 * @param {HTMLElement} slot
 * @param {() => void} close
 * @returns {(explanation: import("../state/session.js").Explanation | null, at: {part: number | null, walked: boolean}, how: () => How) => void}
 *   `part`: how many of its operations are done, null where all are; `walked`: the walk opened it, not the reader
 */
export function arithmetic(slot, close) {
  /** @type {any} */
  let shown = null;
  /** @type {number | null} */
  let done = null;
  const keeper = focusKeeper(slot);
  return (explanation, { part, walked }, how) => {
    if (explanation === shown && part === done) return;
    const opening = shown === null;
    [shown, done] = [explanation, part];
    const within = slot.contains(document.activeElement);
    if (!explanation) {
      slot.replaceChildren();
      return keeper.giveBack(within);
    }
    const told = how();
    const t = translator(told.lang);
    const section = h("section", { class: "arithmetic", tabindex: -1, "aria-label": t("The arithmetic") });
    section.append(...content(explanation, part, { how: told, close }));
    slot.replaceChildren(section);
    if (opening && !walked) keeper.take(section);
    else if (within) section.focus({ preventScroll: true });
  };
}
