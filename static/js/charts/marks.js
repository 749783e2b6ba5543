/**
 * What a page adds to the server's figure: the cursor's line, the selection made to stand out, room on
 * narrow screens. Pure: a figure in, parts of Plotly's own description out.
 */

/**
 * @typedef {{figure: {data: any[], layout: any}, follows: "x" | "y" | null}} Drawn
 */

const FAINT = 0.3;

/**
 * The step the cursor is at: a line across time, or a frame around its row of squares.
 * @param {Drawn["follows"]} follows
 * @param {number | null} t from 0
 * @param {string} colour
 * @returns {any[]} shapes
 */
export function cursorMark(follows, t, colour) {
  if (follows === null || t === null) return [];
  const step = t + 1;
  if (follows === "x") {
    const line = { color: colour, width: 2, dash: "dot" };
    return [{ type: "line", xref: "x", yref: "paper", x0: step, x1: step, y0: 0, y1: 1, line }];
  }
  const frame = { color: colour, width: 3 };
  return [{ type: "rect", xref: "paper", yref: "y", x0: 0, x1: 1, y0: step - 0.5, y1: step + 0.5, line: frame }];
}

/**
 * How strongly each line is drawn: those of the selected value full, the others faint; all full where
 * the selection is in none of them.
 * @param {any[]} data
 * @param {string | null} node
 * @returns {number[]}
 */
export function emphasis(data, node) {
  const mine = (/** @type {any} */ { meta }) => node !== null && typeof meta?.address === "string" && within(meta.address, node);
  const found = data.some(mine);
  return data.map((each) => (!found || mine(each) ? 1 : FAINT));
}

/**
 * Whether an address is the selected one, that of the value it is a unit of, or one of its units.
 * @param {string} address
 * @param {string} node
 */
function within(address, node) {
  return address === node || node.replace(/\[\d+\]$/, "") === address || address.startsWith(`${node}[`);
}

/**
 * What a chart makes stand out: what is pointed at anywhere on the page, else what is selected.
 * @param {string | null} hover a value's name, of the place in view or of the readout
 * @param {string | null} node
 * @param {string} place
 */
export function pointedAt(hover, node, place) {
  if (hover === null) return node;
  return hover.startsWith("readout.") ? hover : `${place}.${hover}`;
}

/**
 * The name under which the rest of the page knows the value of a line, null where it knows none.
 * @param {any} line
 * @param {string} place in view
 * @returns {string | null}
 */
export function hoverOf({ meta }, place) {
  const address = typeof meta?.address === "string" ? meta.address.replace(/\[\d+\]$/, "") : "";
  return address.startsWith(`${place}.`) ? address.slice(place.length + 1) : null;
}

/**
 * The step a chosen point leads to, null where it leads to none.
 * @param {Drawn["follows"]} follows
 * @param {{x: unknown, y: unknown}} point
 * @returns {number | null} from 0
 */
export function stepOf(follows, point) {
  const value = follows === null ? null : Number(point[follows]);
  return value !== null && Number.isInteger(value) && value >= 1 ? value - 1 : null;
}

const NARROW = 520;

/**
 * The figure with its colour scale below where there is little room beside.
 * @param {Drawn["figure"]} figure
 * @param {number} width pixels
 * @returns {Drawn["figure"]}
 */
export function fitted({ data, layout }, width) {
  if (width >= NARROW) return { data, layout };
  const below = { orientation: "h", y: -0.28, yanchor: "top", thickness: 12, len: 1 };
  const lower = (/** @type {any} */ bar) => ({ ...bar, ...below, title: { ...bar.title, side: "bottom" } });
  return { data: data.map((each) => (each.colorbar ? { ...each, colorbar: lower(each.colorbar) } : each)), layout };
}

/**
 * How tall a chart is drawn: square ones as tall as wide.
 * @param {Drawn} drawn
 * @param {number} width pixels
 */
export function heightFor({ figure, follows }, width) {
  const square = follows !== "x" && figure.data.some(({ type }) => ["heatmap", "surface"].includes(type));
  const wanted = square ? width * 0.85 : width * 0.62;
  return Math.round(Math.max(300, Math.min(wanted, 520)));
}
