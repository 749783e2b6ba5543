/** Mathematical symbols as SVG text: `Γ_f`, `c^{⟨t−1⟩}` with lowered and raised parts. */

import { svg } from "./svg.js";

/**
 * How a name is written where no notation is given.
 * @param {string} name
 * @param {boolean} previous
 */
export function written(name, previous) {
  const [base, ...rest] = name.split("_");
  const low = rest.length ? `_{${rest.join(" ")}}` : "";
  return `${base}${low}${previous ? "⟨t−1⟩" : ""}`;
}

/**
 * Replace the text of an element by a symbol.
 * @param {SVGTextElement} element
 * @param {string} symbol
 */
export function symbolInto(element, symbol) {
  if (element.dataset.symbol === symbol) return;
  element.dataset.symbol = symbol;
  element.replaceChildren();
  let shift = 0;
  for (const part of symbol.matchAll(/([_^])(?:\{([^}]*)\}|(\S))|([^_^]+)/gu)) {
    const [, mark, braced, single, flat] = part;
    const target = mark === "_" ? 4 : mark === "^" ? -5 : 0;
    const span = svg("tspan", { dy: target - shift, class: mark ? "dg-small" : null });
    span.textContent = flat ?? braced ?? single ?? "";
    shift = target;
    element.append(span);
  }
}
