/**
 * The page's own clothes: theme, language and the words the server wrote into it.
 */
import { inLanguage, translator } from "../words/translate.js";

/**
 * @param {Document} page
 * @param {import("../state/store.js").Source<{lang: string, theme: string}>} source
 * @param {{title: any, summary: any}} lesson
 * @returns {() => void}
 */
export function dress(page, source, lesson) {
  const root = page.documentElement;
  const apply = () => {
    const { lang, theme } = source.get();
    const t = translator(lang);
    root.dataset.theme = theme;
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    page.title = `${inLanguage(lesson.title, lang)} · Unrolled`;
    for (const element of page.querySelectorAll("[data-t]")) {
      element.textContent = t(element.getAttribute("data-t") ?? "");
    }
    for (const element of page.querySelectorAll("[data-t-label]")) {
      element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
    }
    for (const element of page.querySelectorAll("[data-lesson]")) {
      const part = /** @type {"title" | "summary"} */ (element.getAttribute("data-lesson"));
      element.textContent = inLanguage(lesson[part], lang);
    }
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (page.querySelectorAll("a[data-keep]"))) {
      link.search = `?lang=${lang}`;
    }
  };
  apply();
  return source.subscribe(apply);
}
