/**
 * The cell's equations to take along: as LaTeX in the symbols that are shown, as code in NumPy or PyTorch.
 */
import { h } from "../dom.js";
import { layersOf } from "../state/scenes.js";
import { translator } from "../words/translate.js";

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {{lang: string, notation: string, scene: any, cell: Cell | undefined}} Slice
 * @typedef {{describe: (scene: any) => Promise<{cells: Record<string, Cell>}>}} Act
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
 * The cell with all that can be copied of it, which the page asks for when somebody does.
 * @param {Cell} cell
 * @param {any} scene
 * @param {Act} act
 * @returns {Promise<Cell & {code: NonNullable<Cell["code"]>}>}
 */
async function whole(cell, scene, { describe }) {
  const layer = layersOf(scene).find(({ cell: used }) => (used.id ?? used) === cell.id);
  const small = { version: 1, inputs: [[0]], network: { layers: [{ cell: layer?.cell ?? cell.id, units: 1, options: cell.chosen }] } };
  const found = cell.code ? cell : Object.values((await describe(small)).cells)[0];
  return /** @type {any} */ (found);
}

/**
 * @param {Slice} slice
 * @param {Act} act
 * @returns {Element | string}
 */
export function copying({ lang, notation, scene, cell }, act) {
  if (!cell) return "";
  const t = translator(lang);
  const said = h("span", { class: "copied", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {string} name @param {(found: Awaited<ReturnType<typeof whole>>) => string} text */
  const button = (name, text) => {
    const press = async () => {
      clearTimeout(timer);
      const copied = whole(cell, scene, act).then((found) => copy(text(found)));
      said.textContent = await copied.then(() => t("{name} copied", { name }), () => t("It could not be copied."));
      timer = setTimeout(() => (said.textContent = ""), SAID);
    };
    return h("button", { type: "button", class: "copy", "aria-label": t("Copy as {name}", { name }), on: { click: press } }, name);
  };
  return h(
    "div",
    { class: "copying", role: "group", "aria-label": t("Copy the equations") },
    h("span", { class: "copying-label", "aria-hidden": "true" }, t("Copy as")),
    button("LaTeX", (found) => latexOf(found, notation)),
    button("NumPy", ({ code }) => code.numpy),
    button("PyTorch", ({ code }) => code.pytorch),
    said,
  );
}
