/**
 * The way out of the frame: a link to the whole page at this very moment. Where the sandbox lets no
 * window open, the address is there to copy.
 */
import { h } from "../dom.js";
import { encode } from "../state/url.js";
import { translator } from "../words/translate.js";

/**
 * @param {HTMLElement} container
 * @param {{state: import("../state/store.js").Source<import("../state/model.js").State>}} player
 */
export function fullPage(container, { state }) {
  const plain = location.origin + location.pathname.replace(/^\/embed$/, "/studio").replace(/^\/embed\//, "/lessons/");
  const link = h("a", { class: "full-link", href: plain, target: "_blank" });
  const address = h("input", { class: "full-address", type: "text", readonly: true, hidden: true });
  const label = () => {
    const t = translator(state.get().view.lang);
    link.textContent = t("Open the full page");
    address.setAttribute("aria-label", t("The address of the full page, to copy"));
  };
  const current = async () => plain + (await encode(state.get()));
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const opened = window.open(plain, "_blank");
    const whole = await current();
    if (opened) {
      opened.opener = null;
      opened.location.href = whole;
      return;
    }
    address.value = whole;
    address.hidden = false;
    address.focus({ preventScroll: true });
    address.select();
  });
  label();
  container.replaceChildren(link, address);
  return state.subscribe(label);
}
