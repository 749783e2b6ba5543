/**
 * A table of numbers one can edit, paste into, and read as colours.
 */
import { largest } from "../../model/trace.js";
import { h } from "../../dom.js";
import { numberCell } from "./number.js";

/**
 * @typedef {{caption: string, rows: (string | Node)[], columns: (string | Node)[], field: string,
 *            label: (i: number, j: number) => string, changed: (own: string) => string,
 *            set: (i: number, j: number, value: number, tag: string) => void,
 *            paste?: (i: number, j: number, text: string) => void,
 *            after?: (i: number) => Node | null, room?: {rows: number, columns: number}}} How
 *   `after` is what stands behind a row
 */

const ROWS = 40;
const COLUMNS = 24;
/** Cells of all the tables of a part: what is more is left to a table pasted. */
const CELLS = 1200;

/**
 * The rows and columns that are shown of each of so many tables.
 * @param {number} tables
 */
export function roomFor(tables) {
  const side = Math.max(6, Math.floor(Math.sqrt(CELLS / tables)));
  return { rows: Math.min(ROWS, side), columns: Math.min(COLUMNS, side) };
}

/**
 * @param {How} how
 * @returns {{element: HTMLElement, shown: {rows: number, columns: number},
 *            update: (values: number[][], own: (number[] | null | undefined)[] | null) => void}}
 */
export function grid({ caption, rows, columns, field, label, changed, set, paste, after, room = roomFor(1) }) {
  const [height, width] = [Math.min(rows.length, room.rows), Math.min(columns.length, room.columns)];
  const cells = Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) =>
      numberCell({
        label: label(i, j),
        field: `${field}[${i}][${j}]`,
        set: (value, tag) => set(i, j, value, tag),
        ...(paste ? { paste: (/** @type {string} */ text) => paste(i, j, text) } : {}),
      }),
    ),
  );
  const named = rows.some((name) => name !== "");
  const corner = named ? h("td", null) : null;
  const head = columns.some((name) => name !== "")
    ? h("thead", null, h("tr", null, corner, ...columns.slice(0, width).map((name) => h("th", { scope: "col" }, name)), after ? h("td", null) : null))
    : null;
  const body = cells.map((row, i) =>
    h("tr", null, named ? h("th", { scope: "row" }, rows[i]) : null, ...row.map(({ element }) => h("td", null, element)), after ? h("td", { class: "edit-after" }, after(i)) : null),
  );
  const table = h("table", { class: "edit-grid", "data-field": field }, h("caption", { class: "visually-hidden" }, caption), head, h("tbody", null, ...body));
  return {
    element: h("div", { class: "edit-scroll" }, table),
    shown: { rows: height, columns: width },
    update(values, own) {
      const top = largest(values);
      cells.forEach((row, i) =>
        row.forEach((cell, j) => cell.update(values[i]?.[j] ?? 0, { top, own: own?.[i]?.[j] ?? null, changed })),
      );
    },
  };
}
