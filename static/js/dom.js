/**
 * The few DOM helpers the views share. Text goes in as text; markup only through `math`.
 */

/**
 * @typedef {Record<string, any>} Props `class`, `on` (listeners by event), any attribute; null leaves out
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * A drawn icon, from the page's own sprite.
 * @param {string} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const MATH = new Set(
  "math mrow mi mn mo msub msup msubsup mover munder munderover mfrac mtext mspace mtable mtr mtd mstyle mpadded msqrt".split(" "),
);

/** @type {Map<string, Element>} the formulas of a page are few, and shown again and again */
const parsedMath = new Map();

/**
 * The server's MathML as an element: presentational elements only, classes and data attributes kept.
 * @param {string} markup
 * @returns {Element}
 */
export function math(markup) {
  const known = parsedMath.get(markup) ?? parseMath(markup);
  parsedMath.set(markup, known);
  return /** @type {Element} */ (known.cloneNode(true));
}

/**
 * @param {string} markup
 * @returns {Element}
 */
function parseMath(markup) {
  const whole = /^\s*<math/.test(markup) ? markup : `<math>${markup}</math>`;
  const parsed = new DOMParser().parseFromString(whole, "text/html").querySelector("math");
  if (!parsed) return h("span");
  for (const element of [...parsed.querySelectorAll("*")]) {
    if (!MATH.has(element.localName)) element.remove();
    for (const { name } of [...element.attributes]) {
      if (name.startsWith("on") || name === "href") element.removeAttribute(name);
    }
  }
  return document.importNode(parsed, true);
}

/**
 * A view whose shape depends on a key: built anew when the key changes, updated otherwise.
 * @template T
 * @param {import("./state/store.js").Source<T>} source
 * @param {(slice: T) => unknown} keyOf
 * @param {(slice: T) => {update: (slice: T) => void, unmount?: () => void}} build
 * @returns {() => void}
 */
export function keyed(source, keyOf, build) {
  let slice = source.get();
  let key = keyOf(slice);
  let built = build(slice);
  built.update(slice);
  const off = source.subscribe((next) => {
    slice = next;
    if (keyOf(slice) !== key) {
      key = keyOf(slice);
      built.unmount?.();
      built = build(slice);
    }
    built.update(slice);
  });
  return () => {
    off();
    built.unmount?.();
  };
}
