/**
 * The interface's words, from the gettext catalogues the server reads. Identifiers are English
 * sentences; `{name}` in them is filled in.
 */

/** @typedef {(msgid: string, vars?: Record<string, string | number>) => string} Translate */

/** @type {Map<string, Record<string, string>>} */
const catalogues = new Map();

/**
 * @param {string} lang
 * @param {Record<string, string>} messages
 */
export function register(lang, messages) {
  catalogues.set(lang, messages);
}

/** @param {string} lang */
export function isKnown(lang) {
  return catalogues.has(lang);
}

/**
 * @param {string} lang
 * @returns {Translate}
 */
export function translator(lang) {
  const messages = catalogues.get(lang) ?? {};
  return (msgid, vars = {}) =>
    (messages[msgid] ?? msgid).replace(/\{(\w+)\}/g, (whole, name) => String(vars[name] ?? whole));
}

/**
 * The one of a lesson's own words for a language.
 * @param {{en: string, zh: string} | string | null | undefined} words
 * @param {string} lang
 */
export function inLanguage(words, lang) {
  if (!words) return "";
  if (typeof words === "string") return words;
  return /** @type {Record<string, string>} */ (words)[lang] ?? words.en ?? "";
}
