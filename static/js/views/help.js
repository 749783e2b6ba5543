/**
 * The help dialog: the keys, from the same table that acts on them, and the switch that turns single
 * keys off.
 */
import { h, icon } from "../dom.js";
import { KEYS } from "../keys.js";
import { translator } from "../words/translate.js";

/**
 * @param {string[]} shown
 */
function caps(shown) {
  return shown.flatMap((key, index) => [index > 0 ? " " : "", h("kbd", null, key)]);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {import("../state/store.js").Source<{lang: string, help: boolean, singleKeys: boolean}>} source
 * @param {{help: (open: boolean) => void, setSingleKeys: (on: boolean) => void}} act
 */
export function help(dialog, source, act) {
  let shown = "";
  const show = () => {
    const { lang, help: open, singleKeys } = source.get();
    if (!open) {
      shown = "";
      if (dialog.open) dialog.close();
      return;
    }
    if (shown !== lang) dialog.replaceChildren(...content(lang, singleKeys, act));
    shown = lang;
    for (const row of dialog.querySelectorAll("[data-single]")) row.classList.toggle("off", !singleKeys);
    if (!dialog.open) dialog.showModal();
  };
  const onClose = () => act.help(false);
  dialog.addEventListener("close", onClose);
  const off = source.subscribe(show);
  show();
  return () => {
    off();
    dialog.removeEventListener("close", onClose);
  };
}

/**
 * @param {string} lang
 * @param {boolean} singleKeys
 * @param {{help: (open: boolean) => void, setSingleKeys: (on: boolean) => void}} act
 */
function content(lang, singleKeys, act) {
  const t = translator(lang);
  const box = h("input", { type: "checkbox", checked: singleKeys, on: { change: () => act.setSingleKeys(box.checked) } });
  const rows = KEYS.map(({ shown, label, single }) =>
    h("tr", { "data-single": single }, h("th", { scope: "row" }, t(label)), h("td", null, ...caps(shown))),
  );
  return [
    h("div", { class: "dialog-head" },
      h("h2", { id: "help-title" }, t("Keys and help")),
      h("button", { type: "button", class: "shut", "aria-label": t("Close"), on: { click: () => act.help(false) } }, icon("close"))),
    h("p", null, t("Step through time with the keyboard or a presenter's clicker. Choose a column to go there, a number to see its arithmetic.")),
    h("table", { class: "keys" }, h("tbody", null, ...rows)),
    h("label", { class: "switch" }, box, t("Single letters act as keys")),
  ];
}
