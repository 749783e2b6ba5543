/**
 * What a presenter opens over the page: the code for the wall, the address to hand over, the end.
 */
import { h, icon } from "../../dom.js";
import { copy } from "../copying.js";

/** @typedef {import("../../words/translate.js").Translate} Translate */

/**
 * A dialog that is gone once it is closed.
 * @param {string} title
 * @param {string} shut what the button that closes it is called
 * @param {string} kind
 * @param {...(Node | string)} content
 */
export function dialog(title, shut, kind, ...content) {
  const close = h("button", { type: "button", class: "shut", "aria-label": shut, on: { click: () => made.close() } }, icon("close"));
  const made = h("dialog", { class: kind, "aria-label": title }, h("div", { class: "dialog-head" }, h("h2", null, title), close), ...content);
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}

/**
 * @param {Translate} t
 * @param {{code: string, address: string, qr: HTMLElement}} place
 */
export function poster(t, { code, address, qr }) {
  const drawing = /** @type {SVGSVGElement} */ (/** @type {Element} */ (qr.firstElementChild).cloneNode(true));
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", t("The address as a QR code"));
  const plain = new URL(address);
  dialog(
    t("Join the class"), t("Close"), "poster",
    h("div", { class: "poster-qr" }, drawing),
    h("p", { class: "poster-code" }, code),
    h("p", { class: "poster-address" }, plain.host + plain.pathname),
    h("p", null, t("Scan it, or open {address} and type the code.", { address: `${plain.host}/r` })),
  );
}

/**
 * @param {Translate} t
 * @param {{address?: string, done?: () => void}} what the address to hand over, or what ends the class
 */
export function sure(t, { address, done }) {
  if (address) {
    const said = h("p", { role: "status" });
    const give = async () => (said.textContent = await copy(address).then(() => t("Copied."), () => t("It could not be copied.")));
    dialog(
      t("Hand over"), t("Close"), "class-sure",
      h("p", null, t("Open this address on the other device. Whoever has it can lead the class: give it to nobody else. There you are asked whether to present; this page then follows.")),
      h("p", { class: "class-actions" }, h("button", { type: "button", class: "pill", on: { click: give } }, t("Copy the lecturer’s address"))),
      said,
    );
    return;
  }
  const end = () => {
    made.close();
    done?.();
  };
  const made = dialog(
    t("End the class?"), t("Close"), "class-sure",
    h("p", null, t("It ends for everybody and cannot be opened again. The answers stay for some hours: take them along first.")),
    h("p", { class: "class-actions" },
      h("button", { type: "button", class: "pill", on: { click: () => made.close() } }, t("Go on")),
      h("button", { type: "button", class: "start", "data-class": "ended", on: { click: end } }, t("End for everybody"))),
  );
}
