/**
 * The dark screen of who follows, until the lecturer gives light again or the class is not reached.
 */
import { h } from "../../dom.js";
import { translator } from "../../words/translate.js";

/**
 * @param {HTMLElement} page
 * @param {import("../../state/store.js").Source<import("./line.js").Slice>} source
 */
export function darkness(page, source) {
  const words = h("p", null);
  const cover = h("dialog", { class: "blank class-dark", tabindex: "-1" }, words);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  page.append(cover);
  const show = () => {
    const { lang, room } = source.get();
    const dark = room.controls.blank && !room.presents && room.link === "here";
    const t = translator(lang);
    words.textContent = t("The lecturer has made the screens dark.");
    cover.setAttribute("aria-label", words.textContent);
    if (dark && !cover.open) cover.showModal();
    else if (!dark && cover.open) cover.close();
  };
  cover.addEventListener("close", show); // a browser may close it at the second Escape
  show();
  return source.subscribe(show);
}
