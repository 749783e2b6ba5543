/**
 * The names in a worked arithmetic, `dL/dz_f[t+1][0]`, `W_f[0,2]`, `1 − f[0]`, `encoder.layers.0.forward.h[1]`,
 * taken apart so that they can be shown in the symbols of the reader's book.
 */

/**
 * @typedef {{gradient: boolean, readout: boolean, name: string, shift: -1 | 0 | 1, entry: number[]}} Named
 * @typedef {Named | string} Piece a name, or what stands between names
 */

const NAME = /(dL\/d)?((?:encoder\.|decoder\.)?(?:layers\.\d+\.(?:forward|backward)\.|attention\.)|readout\.)?([A-Za-z][A-Za-z0-9_]*)(\[t([+-])1\])?(?:\[(\d+(?:,\d+)*)\])?/g;

/**
 * @param {string} label
 * @returns {Piece[]}
 */
export function labelPieces(label) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of label.matchAll(NAME)) {
    if (match.index > end) found.push(label.slice(end, match.index).trim());
    const [whole, gradient, place, name, shifted, sign, entry] = match;
    const shift = shifted === undefined ? 0 : sign === "+" ? 1 : -1;
    found.push({
      gradient: gradient !== undefined,
      readout: place === "readout.",
      name,
      shift,
      entry: entry === undefined ? [] : entry.split(",").map(Number),
    });
    end = match.index + whole.length;
  }
  if (end < label.length) found.push(label.slice(end).trim());
  return found.filter((piece) => piece !== "");
}

/**
 * The indices worth saying, from 1 as on paper: none where there is only one entry.
 * @param {number[]} entry
 * @param {unknown} value the value or parameter the entry is taken from, where it is known
 */
export function indices(entry, value) {
  /** @type {number[]} */
  const sizes = [];
  for (let level = /** @type {any} */ (value); Array.isArray(level); level = level[0]) sizes.push(level.length);
  return entry.filter((_, axis) => sizes[axis] !== 1).map((index) => index + 1);
}
