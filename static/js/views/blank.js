/**
 * A blank page, so that a class looks at the lecturer; and the whole screen, so that it sees the page.
 */
import { h } from "../dom.js";
import { translator } from "../words/translate.js";

/**
 * Any key or touch brings the page back.
 * @param {HTMLElement} page what is covered
 * @param {() => string} lang
 */
export function blank(page, lang) {
  const t = translator(lang());
  const focused = document.activeElement;
  const cover = h("dialog", { class: "blank", "aria-label": t("The page is blank. Any key brings it back.") });
  const end = () => {
    cover.remove();
    if (focused instanceof HTMLElement) focused.focus();
  };
  cover.addEventListener("keydown", (event) => {
    event.preventDefault();
    end();
  });
  cover.addEventListener("pointerdown", end);
  cover.addEventListener("cancel", end);
  page.append(cover);
  cover.showModal();
}

/** Fills the screen, or gives it back; a browser that does not let it leaves the page as it is. */
export function fullScreen() {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
  done?.catch(() => {});
}
