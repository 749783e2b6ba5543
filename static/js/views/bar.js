/**
 * The page's settings: whose symbols, which language, which light.
 */
import { h, icon, keyed } from "../dom.js";
import { THEMES } from "../state/model.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, theme: string, notation: string, notations: Record<string, import("../state/model.js").Words>}} Slice
 * @typedef {{setNotation: (value: string) => void, setTheme: (value: string) => void,
 *            setLanguage: (value: string) => Promise<void>, help: (open: boolean) => void}} Act
 */

/**
 * @param {string} label
 * @param {string} value
 * @param {[string, string][]} options
 * @param {(value: string) => void} choose
 */
function chooser(label, value, options, choose) {
  const select = h(
    "select",
    { on: { change: (/** @type {Event} */ event) => choose(/** @type {any} */ (event.target).value) } },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return h("label", { class: "chooser" }, h("span", { class: "chooser-label" }, label), select);
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function bar(container, source, act) {
  return keyed(
    source,
    ({ lang, theme, notation }) => [lang, theme, notation].join(),
    ({ lang, theme, notation, notations }) => {
      const focused = container.contains(document.activeElement)
        ? [...container.querySelectorAll("select, button")].indexOf(/** @type {any} */ (document.activeElement))
        : -1;
      container.replaceChildren(...controls({ lang, theme, notation, notations }, act));
      /** @type {HTMLElement[]} */
      const all = [...container.querySelectorAll(/** @type {any} */ ("select, button"))];
      all[focused]?.focus();
      return { update: () => {} };
    },
  );
}

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function controls({ lang, theme, notation, notations }, act) {
  const t = translator(lang);
  const books = Object.entries(notations).map(([key, title]) => /** @type {[string, string]} */ ([key, inLanguage(title, lang)]));
  /** @type {Record<string, string>} */
  const lights = { auto: t("Automatic"), light: t("Light"), dark: t("Dark"), projector: t("Projector") };
  const other = lang === "zh" ? "en" : "zh";
  const language = h(
    "button",
    { type: "button", class: "pill", lang: other === "zh" ? "zh-Hans" : "en", "data-language": other,
      on: { click: () => act.setLanguage(other) } },
    t("Other language"),
  );
  const help = h(
    "button",
    { type: "button", class: "pill round", "aria-label": t("Keys and help"), "data-help": true,
      on: { click: () => act.help(true) } },
    icon("help"),
  );
  return [
    chooser(t("Symbols of"), notation, books, act.setNotation),
    chooser(t("Theme"), theme, THEMES.map((key) => [key, lights[key]]), act.setTheme),
    language,
    help,
  ];
}
