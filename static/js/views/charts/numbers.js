/**
 * The numbers behind a figure as a table: what the picture shows, for those who do not see it.
 */
import { h } from "../../dom.js";
import { full } from "../../model/number.js";
import { windowOf } from "../../model/rows.js";

const ROWS = 200;
const COLUMNS = 60;

/**
 * @typedef {{columns: string[], rows: any[][]}} Table
 * @typedef {{t: import("../../words/translate.js").Translate, step: number | null, timed: boolean,
 *            go: (t: number) => void}} How `timed`: the rows are steps, counted from 1
 */

/**
 * @param {Table} table
 * @param {How} how
 * @returns {HTMLElement[]}
 */
export function numbers({ columns, rows }, { t, step, timed, go }) {
  const { from, to } = windowOf(rows.length, timed ? step : 0, ROWS);
  const shown = columns.slice(0, COLUMNS);
  const head = h("tr", null, ...shown.map((name) => h("th", { scope: "col" }, plain(name))));
  const body = rows.slice(from, to).map((row, index) => {
    const [first, ...rest] = row.slice(0, COLUMNS);
    const at = from + index;
    const name = timed
      ? h("button", { type: "button", class: "drawer-step", "aria-label": t("Go to step {t}", { t: at + 1 }), on: { click: () => go(at) } }, String(first))
      : text(first, t);
    const current = timed && at === step ? "step" : null;
    return h("tr", { "aria-current": current }, h("th", { scope: "row" }, name), ...rest.map((value) => h("td", null, text(value, t))));
  });
  const left = rows.length > ROWS || columns.length > COLUMNS;
  const note = left ? h("p", { class: "drawer-note" }, t("Rows {from} to {to} of {rows}; columns 1 to {shown} of {columns}.", { from: from + 1, to, rows: rows.length, shown: shown.length, columns: columns.length })) : null;
  const table = h("table", { class: "drawer-table" }, h("thead", null, head), h("tbody", null, ...body));
  const scroll = h("div", { class: "drawer-scroll", tabindex: 0, role: "region", "aria-label": t("The numbers of this chart") }, table);
  return note ? [note, scroll] : [scroll];
}

/**
 * @param {any} value
 * @param {import("../../words/translate.js").Translate} t
 */
function text(value, t) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" || ["Infinity", "-Infinity", "NaN"].includes(value) ? full(value, t("not a number")) : plain(String(value));
}

/** @param {string} name without the marks of raised and lowered letters */
function plain(name) {
  return name.replace(/<\/?su[bp]>/g, "");
}
