/**
 * A function's curve with the point where this number stands. The curve is the server's.
 */
import { printed } from "../model/number.js";

const SPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, MARGIN] = [220, 96, 8];

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @param {number[]} values
 * @param {number} from
 * @param {number} to
 */
function scaleOf(values, from, to) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (/** @type {number} */ value) => from + ((value - least) / (most - least || 1)) * (to - from);
}

/**
 * @param {{function: string, argument: number, curve: [number, number][]}} apply
 * @param {unknown} value
 * @param {{sign: string, t: import("../words/translate.js").Translate}} how
 * @returns {Element | null}
 */
export function curve({ argument, curve: points }, value, { sign, t }) {
  if (typeof value !== "number" || points.length < 2) return null;
  const x = scaleOf([...points.map(([a]) => a), argument], MARGIN, WIDTH - MARGIN);
  const y = scaleOf([...points.map(([, b]) => b), value, 0], HEIGHT - MARGIN, MARGIN);
  const at = (/** @type {number} */ a, /** @type {number} */ b) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`;
  const [px, py] = [x(argument), y(value)];
  const words = t("The curve of {sign} with the point of this number: at {argument} it is {value}", {
    sign, argument: printed(argument, ""), value: printed(value, ""),
  });
  return s(
    "svg",
    { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words },
    s("path", { class: "curve-axis", d: `M${MARGIN} ${y(0)}H${WIDTH - MARGIN}M${x(0)} ${MARGIN}V${HEIGHT - MARGIN}` }),
    s("path", { class: "curve-drop", d: `M${px} ${y(0)}V${py}` }),
    s("path", { class: "curve-line", d: `M${points.map(([a, b]) => at(a, b)).join("L")}` }),
    s("circle", { class: "curve-point", cx: px, cy: py, r: 5.5 }),
  );
}
