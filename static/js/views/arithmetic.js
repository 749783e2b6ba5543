/**
 * The arithmetic of one number as the server explained it: product by product, their sum, the
 * activation, the result, with every digit the number holds.
 */
import { h, icon } from "../dom.js";
import { full, isRounded, precise, printed, rounded } from "../model/number.js";
import { inLanguage, translator } from "../words/translate.js";
import { curve } from "./curve.js";
import { labelled } from "./label.js";

/**
 * @typedef {import("../words/translate.js").Translate} Translate
 * @typedef {{label: string, value: any, address?: string | null, t?: number | null}} Factor
 * @typedef {{factors: Factor[], value: any}} Term
 * @typedef {{lang: string, terms: import("./label.js").Terms, inReadout: boolean,
 *            follow: (address: string, t: number) => void}} How
 */

const MOST = 64;

/** @type {Record<string, string>} */
const FUNCTIONS = { sigmoid: "σ", identity: "id" };

/**
 * @param {Term} term
 * @param {string} words
 * @param {How} how
 */
function termRow({ factors, value }, words, how) {
  const labels = factors.flatMap((factor, index) => [index > 0 ? " · " : "", name(factor, how)]);
  const numbers = factors.map((factor) => bracketed(precise(factor.value, words))).join(" · ");
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, ...labels),
    h("td", null, factors.length > 1 ? `${numbers} = ` : "", h("span", { class: "result" }, printed(value, words))),
  );
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
 */
function closing({ apply, value }, t) {
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
 */
function table(document, how) {
  const t = translator(how.lang);
  const words = t("not a number");
  const sum = document.apply ? document.apply.argument : document.value;
  const terms = document.terms ?? [];
  const rows = terms.slice(0, MOST).map((/** @type {Term} */ term) => termRow(term, words, how));
  const rest = terms.length - rows.length;
  if (rest > 0) rows.push(h("tr", null, h("td", { colspan: 2 }, t("and {count} more", { count: rest }))));
  const head = h("tr", null, h("th", { scope: "col" }, t("Term")), h("th", { scope: "col" }, t("Product")));
  const foot = h("tr", { class: "sum" }, h("th", { scope: "row" }, t("Sum")), h("td", { class: "result" }, printed(sum, words)));
  return h("table", { class: "terms" }, h("thead", null, head), h("tbody", null, ...rows), terms.length > 1 ? h("tfoot", null, foot) : null);
}

/**
 * @param {import("../state/session.js").Explanation} explanation
 * @param {How} how
 * @param {() => void} close
 */
function content({ status, document, problem }, how, close) {
  const { lang } = how;
  const t = translator(lang);
  const shut = h("button", { type: "button", class: "shut", "aria-label": t("Close the arithmetic"), on: { click: close } }, icon("close"));
  if (status === "loading") return [shut, h("p", { class: "loading" }, t("Computing…"))];
  if (status === "failed") return [shut, h("p", { class: "problem" }, t("The arithmetic could not be fetched."), " ", problem)];
  const terms = h("div", { class: "terms-scroll", tabindex: 0, role: "region", "aria-label": t("The terms") }, table(document, how));
  return [
    shut,
    h("p", { class: "worked" }, inLanguage(document.text, lang).replaceAll("-", "−")),
    (document.terms ?? []).length > 0 ? terms : null,
    ...closing(document, t),
  ].filter((part) => part !== null);
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
      section.scrollIntoView({ block: "nearest" });
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
 * @returns {(explanation: import("../state/session.js").Explanation | null, how: () => How) => void}
 */
export function arithmetic(slot, close) {
  /** @type {any} */
  let shown = null;
  const keeper = focusKeeper(slot);
  return (explanation, how) => {
    if (explanation === shown) return;
    const opening = shown === null;
    shown = explanation;
    const within = slot.contains(document.activeElement);
    if (!explanation) {
      slot.replaceChildren();
      return keeper.giveBack(within);
    }
    const told = how();
    const t = translator(told.lang);
    const section = h("section", { class: "arithmetic", tabindex: -1, "aria-label": t("The arithmetic") });
    section.append(...content(explanation, told, close));
    slot.replaceChildren(section);
    if (opening) keeper.take(section);
    else if (within) section.focus({ preventScroll: true });
  };
}
