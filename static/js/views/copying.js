/**
 * The cell's equations to take along: as LaTeX in the symbols that are shown, as code in NumPy or PyTorch.
 */
import { h } from "../dom.js";
import { translator } from "../words/translate.js";

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {{lang: string, notation: string, cell: Cell | undefined}} Slice
 */

const SAID = 2400; // ms

/**
 * @param {Cell} cell
 * @param {string} notation
 */
export function latexOf({ equations }, notation) {
  const lines = equations.map(({ notations }) => (notations[notation] ?? notations.lee).latex.replace("=", "&="));
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}`;
}

/**
 * The clipboard is there on secure pages alone; elsewhere the old way must do.
 * @param {string} text
 */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h("textarea", { class: "visually-hidden", readonly: true }, text);
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!done) throw new Error("not copied");
}

/**
 * @param {Slice} slice
 * @returns {Element | string}
 */
export function copying({ lang, notation, cell }) {
  if (!cell?.code) return "";
  const { code } = cell;
  const t = translator(lang);
  const said = h("span", { class: "copied", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {string} name @param {() => string} text */
  const button = (name, text) => {
    const press = async () => {
      clearTimeout(timer);
      said.textContent = await copy(text()).then(() => t("{name} copied", { name }), () => t("It could not be copied."));
      timer = setTimeout(() => (said.textContent = ""), SAID);
    };
    return h("button", { type: "button", class: "copy", "aria-label": t("Copy as {name}", { name }), on: { click: press } }, name);
  };
  return h(
    "div",
    { class: "copying", role: "group", "aria-label": t("Copy the equations") },
    h("span", { class: "copying-label", "aria-hidden": "true" }, t("Copy as")),
    button("LaTeX", () => latexOf(cell, notation)),
    button("NumPy", () => code.numpy),
    button("PyTorch", () => code.pytorch),
    said,
  );
}
