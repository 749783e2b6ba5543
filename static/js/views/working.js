/**
 * The arithmetic of one unit of a line, in a line of its own, with operands that give the result as
 * they are printed.
 */
import { h } from "../dom.js";
import { unitOf, workingKey } from "../model/workings.js";
import { inLanguage, translator } from "../words/translate.js";

const LONGEST = 72;

/**
 * @param {HTMLElement} container
 * @param {{address: string}} line
 * @param {{lang: string, key: string, cursor: import("../state/model.js").Cursor, workings: Record<string, any>}} slice
 * @param {{units: number, shown: string | null}} number how many stand beside the line, and what the one
 *   says; null while it is not known
 */
export function working(container, { address }, { lang, key, cursor, workings }, { units, shown }) {
  const unit = unitOf(address, cursor.node);
  const found = workings[workingKey(key, cursor, `${address}[${unit}]`)];
  const full = found ? inLanguage(found, lang).replaceAll("-", "−") : "";
  const said = shown === null ? "" : units === 1 ? openEnded(full, shown) : full;
  const says = /[·+−×/⊙]/.test(said.split(" =")[0].replace(/^−/, "")) && said.length <= LONGEST;
  const t = translator(lang);
  const text = !says ? "" : units > 1 ? t("Unit {unit}: {working}", { unit: unit + 1, working: said }) : said;
  if (container.textContent === text) return;
  container.replaceChildren(...pieces(text));
}

/**
 * The number beside the line is the result; it is not said twice.
 * @param {string} said
 * @param {string} shown
 */
function openEnded(said, shown) {
  return said.endsWith(` = ${shown}`) ? said.slice(0, -shown.length - 1) : said;
}

/**
 * A line breaks before an operator, nowhere else.
 * @param {string} text
 */
function pieces(text) {
  return text === "" ? [] : text.split(/(?= [+−] | = )/).map((piece) => h("span", null, piece));
}
