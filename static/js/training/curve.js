/**
 * A curve over updates on a logarithmic scale, as the points of a picture. What has no place there
 * (zero, ∞, what is not a number) breaks the line.
 */

/**
 * @typedef {{line: string, marks: {x: number, y: number, value: unknown}[]}} Curve
 * @typedef {{width: number, height: number, margin: number}} Room
 */

/** @param {unknown} value @returns {value is number} */
function drawable(value) {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

/**
 * The powers of ten that hold all drawable values.
 * @param {unknown[]} values
 * @returns {{low: number, high: number}}
 */
export function decades(values) {
  const powers = values.filter(drawable).map((value) => Math.log10(value));
  if (powers.length === 0) return { low: -1, high: 1 };
  const [low, high] = [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
  return { low, high: high > low ? high : low + 1 };
}

/**
 * @param {number[]} updates
 * @param {unknown[]} values
 * @param {{low: number, high: number}} scale
 * @param {Room} room
 * @returns {Curve}
 */
export function curve(updates, values, { low, high }, { width, height, margin }) {
  const [first, last] = [updates[0], updates.at(-1) ?? 0];
  const x = (/** @type {number} */ update) => margin + ((update - first) / (last - first || 1)) * (width - 2 * margin);
  const y = (/** @type {number} */ value) => height - margin - ((Math.log10(value) - low) / (high - low)) * (height - 2 * margin);
  let line = "";
  let broken = true;
  /** @type {Curve["marks"]} */
  const marks = [];
  values.forEach((value, index) => {
    if (!drawable(value)) {
      broken = true;
      const up = value === "Infinity" || value === "NaN";
      if (value !== null && value !== undefined) marks.push({ x: x(updates[index]), y: up ? margin : height - margin, value });
      return;
    }
    line += `${broken ? "M" : "L"}${x(updates[index]).toFixed(1)} ${y(value).toFixed(1)}`;
    broken = false;
  });
  return { line, marks };
}
