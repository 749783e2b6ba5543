/**
 * What happens at this step and why, in the lesson's words; where the lesson is silent, in words
 * computed from the state.
 */
import { h, keyed } from "../dom.js";
import { paragraphs, pieces } from "../words/phrases.js";
import { inLanguage, translator } from "../words/translate.js";

/**
 * @typedef {{lang: string, steps: number, t: number | null, pass: string, sentence: string, summed: boolean,
 *            place?: string, title?: string, done?: string, why?: string,
 *            entry: import("../state/model.js").Narration | null}} Slice
 */

/**
 * @param {string} text
 * @param {string} lang
 * @param {(set: Record<string, string>) => void} follow
 */
function prose(text, lang, follow) {
  return paragraphs(text, lang).map((paragraph) =>
    h("p", null, ...pieces(paragraph).map((piece) => phrase(piece, follow))),
  );
}

/**
 * @param {import("../words/phrases.js").Piece} piece
 * @param {(set: Record<string, string>) => void} follow
 */
function phrase({ text, set, strong }, follow) {
  if (set) return h("button", { type: "button", class: "phrase", on: { click: () => follow(set) } }, text);
  return strong ? h("strong", null, text) : text;
}

/**
 * @param {Slice} slice
 */
function eyebrow({ lang, steps, t: step, pass, place }) {
  const t = translator(lang);
  if (step !== null) return t("Step {t} of {steps}", { t: step + 1, steps }) + (place ? ` · ${place}` : "");
  return pass === "forward" ? t("{steps} steps ahead", { steps }) : t("{steps} steps back", { steps });
}

/**
 * @param {Slice} slice
 */
function heading({ lang, entry, t: step, pass, title }) {
  const t = translator(lang);
  if (title) return title;
  if (entry) return inLanguage(entry.title, lang);
  if (pass === "backward") return step === null ? t("The way back") : t("How much it matters");
  return step === null ? t("Ready") : t("This step");
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {{follow: (set: Record<string, string>) => void}} act
 */
export function narration(container, source, act) {
  return keyed(
    source,
    (slice) => slice,
    (slice) => {
      const { entry, lang, sentence, summed, done, why } = slice;
      const t = translator(lang);
      const text = entry ? inLanguage(entry.text, lang) : sentence;
      container.replaceChildren(
        h("p", { class: "eyebrow" }, eyebrow(slice)),
        h("h2", { class: "narration-title" }, heading(slice)),
        ...(text === "" ? [] : prose(text, lang, act.follow)),
        ...[done, why].map((line) => (line ? h("p", null, line) : "")),
        summed ? h("p", { class: "note" }, t("This scene has no loss, so L is the sum of all outputs.")) : "",
      );
      return { update: () => {} };
    },
  );
}
