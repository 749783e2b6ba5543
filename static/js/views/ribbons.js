/**
 * Attention as ribbons from the present step of the decoder to the inputs it looks at: the wider and the
 * stronger, the more.
 */
import { rounded } from "../model/number.js";
import { list } from "../words/names.js";
import { translator } from "../words/translate.js";

const SPACE = "http://www.w3.org/2000/svg";
const WIDEST = 26; // px

/**
 * @typedef {import("./strip.js").Slice} Slice
 * @typedef {{from: number, to: number}} Window the steps that are in sight
 */

/**
 * @param {{lang: string}} slice
 * @param {{encoder: Window, decoder: Window}} windows
 */
export function ribbons({ lang }, { encoder, decoder }) {
  const t = translator(lang);
  const svg = document.createElementNS(SPACE, "svg");
  for (const [name, value] of [["class", "ribbons"], ["viewBox", "0 0 100 100"], ["preserveAspectRatio", "none"], ["role", "img"]]) svg.setAttribute(name, value);
  const paths = Array.from({ length: encoder.to - encoder.from }, () => svg.appendChild(document.createElementNS(SPACE, "path")));
  const middle = (/** @type {number} */ step, /** @type {Window} */ { from, to }) => ((step - from + 0.5) / (to - from)) * 100;
  return {
    svg,
    /** @param {Slice} slice */
    update({ trace, cursor, stage }) {
      const row = (stage.reached === null && cursor.t !== null && trace?.attention?.alpha[cursor.t]) || null;
      svg.setAttribute("aria-label", row ? t("Attention: {list}", { list: list(row, t, rounded) }) : t("Attention: not yet"));
      paths.forEach((path, index) => {
        const value = row?.[encoder.from + index];
        const share = typeof value === "number" ? value : 0;
        const [low, high] = [middle(encoder.from + index, encoder), middle(cursor.t ?? 0, decoder)];
        path.setAttribute("d", `M${low} 100C${low} 45 ${high} 55 ${high} 0`);
        path.style.strokeWidth = `${Math.max(share > 0 ? 1 : 0, share * WIDEST).toFixed(2)}px`;
        path.style.opacity = (0.35 + 0.6 * share).toFixed(3);
      });
    },
  };
}
