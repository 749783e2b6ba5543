/**
 * Says plainly when the numbers could not be had.
 */
import { h, keyed } from "../dom.js";
import { translator } from "../words/translate.js";

/**
 * @param {HTMLElement} container an alert region
 * @param {import("../state/store.js").Source<{lang: string,
 *         problem: import("../state/session.js").Trouble | null}>} source
 */
export function problem(container, source) {
  return keyed(
    source,
    (slice) => slice,
    ({ lang, problem: found }) => {
      const t = translator(lang);
      container.hidden = found === null;
      const errors = (found?.errors ?? []).map((error) => t("{field}: expected {expected}, got {got}", error));
      const text = errors.join("; ") || found?.detail || found?.title || t("The server was not reached.");
      const first = {
        address: t("The link could not be read; here is the beginning."),
        link: t("The link’s scene cannot be shown; here is the one this page begins with."),
        numbers: t("The numbers could not be computed."),
        panel: t("This part of the page could not be loaded."),
      }[found?.about ?? "numbers"];
      container.replaceChildren(...(found ? [h("p", null, first, ...(found.about === "address" ? [] : [" ", text]))] : []));
      return { update: () => {} };
    },
  );
}
