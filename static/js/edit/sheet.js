/**
 * Numbers as a spreadsheet gives and takes them: lines of cells between tabs, semicolons, commas or spaces.
 */

/**
 * @typedef {number[][]} Rows
 * @typedef {{rows: Rows, problem: null} | {rows: null, problem: {row: number, column: number, text: string}}} Read
 *   rows and columns count from 1 in a problem
 */

const MOST = 100_000;

/**
 * A number as people write it, with the minus of typesetters too; null where it is none.
 * @param {string} text
 * @returns {number | null}
 */
export function numberOf(text) {
  const plain = text.trim().replace(/^[−–]/, "-");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/**
 * What parts the cells of a line. A comma between digits is a decimal one where a tab or a semicolon parts.
 * @param {string} text
 */
function separator(text) {
  if (text.includes("\t")) return "\t";
  if (text.includes(";")) return ";";
  return text.includes(",") ? "," : /\s+/;
}

/**
 * @param {string} text
 * @returns {Read}
 */
export function parse(text) {
  const between = separator(text);
  const lines = text.slice(0, MOST).replace(/^\uFEFF/, "").split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  const cells = lines.map((line) => (typeof between === "string" ? line : line.trim()).split(between).map((cell) => cell.trim()));
  if (cells.length > 1 && cells[0].every((cell) => numberOf(cell) === null)) cells.shift(); // names of columns
  /** @type {Rows} */
  const rows = [];
  for (const [row, line] of cells.entries()) {
    const numbers = line.map((cell) => read(cell, between));
    const wrong = numbers.indexOf(null);
    if (wrong >= 0) return { rows: null, problem: { row: row + 1, column: wrong + 1, text: line[wrong].slice(0, 40) } };
    rows.push(/** @type {number[]} */ (numbers));
  }
  return { rows, problem: null };
}

/**
 * @param {string} cell
 * @param {string | RegExp} between
 */
function read(cell, between) {
  if (cell === "") return 0;
  return numberOf(between === "\t" || between === ";" ? cell.replace(/^([-+−]?\d+),(\d+)$/, "$1.$2") : cell);
}

/**
 * Pasted numbers written over rows from a place on.
 * @param {Rows} rows
 * @param {Rows} pasted
 * @param {{row: number, column: number, grows: boolean}} at where what stands beyond the rows makes new ones
 * @returns {Rows} as wide as the widest
 */
export function paste(rows, pasted, { row, column, grows }) {
  const height = grows ? Math.max(rows.length, row + pasted.length) : rows.length;
  const widest = Math.max(...pasted.map((line) => line.length));
  const width = grows ? Math.max(rows[0].length, column + widest) : rows[0].length;
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => pasted[i - row]?.[j - column] ?? rows[i]?.[j] ?? 0),
  );
}

/**
 * @param {unknown[][]} rows
 * @returns {string} as spreadsheets take it
 */
export function write(rows) {
  return rows.map((row) => row.join("\t")).join("\n");
}
