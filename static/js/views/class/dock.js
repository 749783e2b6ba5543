/**
 * What comes between the page and the transport: the way back to the lecturer, and the poll.
 */
import { h, keyed } from "../../dom.js";
import { translator } from "../../words/translate.js";
import { poll } from "./poll.js";

/**
 * @typedef {import("./line.js").Slice} Slice
 * @typedef {import("./poll.js").Act & Record<"back" | "takeOver" | "watch" | "again", () => void>} Act
 */

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function chip({ lang, room, code }, act) {
  const t = translator(lang);
  /** @param {string} text @param {() => void} press */
  const button = (text, press) => h("button", { type: "button", class: "pill", on: { click: press } }, text);
  if (room.link === "over") return over(room.over, code, { t, button }, act);
  if (room.taken) return [h("span", null, t("Another device presents this class.")), button(t("Present here"), act.takeOver), button(t("Follow"), act.watch)];
  if (room.demoted) return [h("span", null, t("Another device presents now.")), button(t("Present here"), act.takeOver)];
  if (room.presents || room.following || room.link !== "here") return [];
  const step = room.shared?.cursor.t ?? null;
  const where = step === null ? t("The lecturer is before the first step") : t("The lecturer is at step {t}", { t: step + 1 });
  return [h("button", { type: "button", class: "return", on: { click: act.back } }, `${where} · `, h("b", null, t("Return")))];
}

/**
 * @param {number} reason
 * @param {string} code
 * @param {{t: import("../../words/translate.js").Translate, button: (text: string, press: () => void) => HTMLElement}} how
 * @param {Act} act
 */
function over(reason, code, { t, button }, act) {
  const join = h("a", { class: "pill", href: `/r/${code}` }, t("Join as a student"));
  if (reason === 4403) return [h("span", null, t("This page is the lecturer’s. It opens with the whole address, which ends in the lecturer’s key.")), join];
  if (reason === 4409) return [h("span", null, t("This class is open in another tab.")), button(t("Go on here"), act.again)];
  return [h("span", null, t("The class has ended. You can go on stepping."))];
}

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function dock(container, source, act) {
  const [notice, asked] = [h("div", { class: "chip" }), h("section", { class: "poll" })];
  container.replaceChildren(asked, notice);
  const measure = () => document.documentElement.style.setProperty("--deck", `${document.getElementById("transport")?.offsetHeight ?? 0}px`);
  const deck = document.getElementById("transport");
  const sizes = new ResizeObserver(measure);
  if (deck) sizes.observe(deck);
  const offs = [
    keyed(
      source,
      ({ lang, room: { link, over: reason, taken, demoted, presents, following, shared } }) =>
        JSON.stringify([lang, link, reason, taken, demoted, presents, following, following ? null : shared?.cursor.t]),
      (slice) => {
        const parts = chip(slice, act);
        const t = translator(slice.lang);
        container.setAttribute("aria-label", t("Class {code}", { code: slice.code }));
        const focused = notice.contains(document.activeElement);
        notice.replaceChildren(...parts);
        notice.hidden = parts.length === 0;
        if (focused) notice.querySelector("button")?.focus();
        return { update: () => {} };
      },
    ),
    poll(asked, source, act),
  ];
  return () => {
    sizes.disconnect();
    offs.forEach((off) => off());
  };
}
