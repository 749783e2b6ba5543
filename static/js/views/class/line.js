/**
 * The line below the bar: which class this is, how it stands, and for the presenter what to do with it.
 */
import { h, keyed } from "../../dom.js";
import { translator } from "../../words/translate.js";

/**
 * @typedef {import("../../class/room.js").Room} Room
 * @typedef {{lang: string, room: Room, code: string}} Slice
 * @typedef {Record<"code" | "lock" | "blank" | "gather" | "ask" | "handOver" | "end" | "results", () => void>} Act
 */

/**
 * @param {Room} room
 * @param {import("../../words/translate.js").Translate} t
 */
function standing(room, t) {
  if (room.link === "joining") return t("Joining the class …");
  if (room.link === "lost") return t("Offline. You can go on stepping; the class comes back by itself.");
  if (room.link === "alone") return t("The server is cut off from the class. You can go on stepping; it comes back by itself.");
  if (room.link === "over") return room.over === 4410 ? t("The class has ended.") : t("Not in the class.");
  if (room.taken) return t("Another device presents this class.");
  if (room.presents) return t("{count} here", { count: room.viewers });
  if (room.controls.locked) return t("The lecturer keeps everybody together.");
  return room.following ? t("You follow the lecturer.") : t("You are by yourself.");
}

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function line(container, source, act) {
  return keyed(
    source,
    ({ lang, room }) => `${lang} ${room.presents && room.link !== "over"}`,
    ({ lang, room: { presents, link }, code }) => {
      const t = translator(lang);
      const status = h("span", { class: "class-status", role: "status" });
      const refused = h("span", { class: "class-refused", role: "alert" });
      /** @param {keyof Act} name @param {string} text @param {boolean} [toggles] */
      const button = (name, text, toggles = false) =>
        h("button", { type: "button", class: "pill", "data-class": name, "aria-pressed": toggles ? "false" : null, on: { click: () => act[name]() } }, text);
      const [lock, dark] = [button("lock", t("Keep together"), true), button("blank", t("Dark screens"), true)];
      const leading = presents && link !== "over";
      const title = leading
        ? h("button", { type: "button", class: "pill class-code", "data-class": "code", "aria-haspopup": "dialog", on: { click: () => act.code() } }, t("Class {code}", { code }))
        : h("strong", { class: "class-code" }, t("Class {code}", { code }));
      const controls = leading
        ? [lock, dark, button("gather", t("Bring everybody back")), button("ask", t("Ask")), button("results", t("Answers as CSV")), button("handOver", t("Hand over")), button("end", t("End"))]
        : [];
      container.replaceChildren(title, status, h("span", { class: "class-controls" }, ...controls), refused);
      return {
        /** @param {Slice} slice */
        update({ room }) {
          const said = standing(room, t);
          if (status.textContent !== said) status.textContent = said;
          if (refused.textContent !== room.refused) refused.textContent = room.refused;
          container.dataset.link = room.link;
          lock.setAttribute("aria-pressed", String(room.controls.locked));
          dark.setAttribute("aria-pressed", String(room.controls.blank));
          for (const each of controls) each.toggleAttribute("disabled", room.link !== "here" && each.dataset.class !== "results");
        },
      };
    },
  );
}
