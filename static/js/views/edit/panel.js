/**
 * The panel that edits the scene beside its picture: inputs, weights, network, goal. What it shows is
 * the document of the state; the picture follows when the numbers come.
 */
import { h } from "../../dom.js";
import { translator } from "../../words/translate.js";
import { symbol } from "../symbol.js";
import { action } from "./controls.js";
import { goal } from "./goal.js";
import { inputs } from "./inputs.js";
import { network } from "./network.js";
import { weights } from "./weights.js";

/**
 * @typedef {import("../../model/trace.js").Cell} Cell
 * @typedef {{lang: string, notation: string, document: any, own: any, trace: any, ownTrace: any, cells: Cell[],
 *            readoutCell: Cell | null, steps: number, stretch: number, errors: {field: string, expected: string, got: string}[],
 *            undoable: boolean, redoable: boolean, edited: boolean, studio: boolean}} Given
 * @typedef {Given & {place: string | null, typing: string | null}} Slice with what the panel itself has in view
 * @typedef {{t: import("../../words/translate.js").Translate, lang: string, act: any, catalogue: any[],
 *            shapesOf: import("../../edit/fit.js").ShapesOf, symbolOf: (name: string, layer: number | null) => Node,
 *            look: (place: string) => void, type: (field: string) => void, used: (field: string) => void,
 *            learn: (cell: any, description: any) => void, drafts: Map<string, any>}} About
 * @typedef {{element: HTMLElement, update: (slice: Slice) => void}} Built
 * @typedef {{name: string, title: (t: About["t"]) => string, fields: string[],
 *            key: (slice: Slice) => string, build: (slice: Slice, about: About) => Built}} Section
 */

/** @type {Section[]} */
const SECTIONS = [inputs, weights, network, goal];

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Given>} source
 * @param {any} act
 * @param {{catalogue: any[], section?: string}} given
 * @returns {() => void}
 */
export function panel(container, source, act, { catalogue, section: begin = "inputs" }) {
  const local = { section: begin, place: /** @type {string | null} */ (null), typing: /** @type {string | null} */ (null) };
  /** @type {Map<string, any>} what is known of cells that are typed, by their text */
  const typed = new Map();
  /** @type {Map<string, any>} */
  const drafts = new Map();
  /** @type {Built | null} */
  let built = null;
  let key = "";
  /** @type {Given["errors"] | null} the errors that stand in the panel */
  let marked = null;
  let frame = skeleton();

  const slice = () => ({ ...source.get(), place: local.place, typing: local.typing });
  /** @param {any} cell */
  const shapesOf = (cell) => {
    if (typeof cell === "string") return catalogue.find(({ id }) => id === cell) ?? null;
    return typed.get(JSON.stringify(cell)) ?? fromDescription(source.get().cells.find(({ id }) => id === cell?.id));
  };
  /** @param {Partial<typeof local>} change */
  const turn = (change) => {
    Object.assign(local, change);
    show();
  };
  /** @returns {About} */
  const about = () => {
    const { lang } = source.get();
    return {
      t: translator(lang), lang, act, catalogue, shapesOf, drafts,
      symbolOf(name, layer) {
        const { cells, readoutCell, notation } = source.get();
        const cell = layer === null ? readoutCell : cells[layer];
        return symbol(cell ? [cell] : [], name, notation);
      },
      look: (place) => turn({ place }),
      type: (field) => turn({ typing: field }),
      used: () => turn({ typing: null }),
      learn: (cell, description) => typed.set(JSON.stringify(cell), fromDescription(description)),
    };
  };

  function skeleton() {
    const t = translator(source.get().lang);
    const undo = action(t("Undo"), () => act.undo(), "undo", "undo");
    const redo = action(t("Redo"), () => act.redo(), "redo", "redo");
    const unedit = action(source.get().studio ? t("Begin again") : t("Back to the lesson’s"), () => act.unedit(), undefined, "unedit");
    const shut = action(t("Close"), () => act.openPanel(null), "close", "close");
    const tabs = SECTIONS.map(({ name, title }) =>
      h("button", { type: "button", class: "edit-tab", "data-field": `section.${name}`, "data-section": name, on: { click: () => turn({ section: name }) } }, title(t)),
    );
    const errors = h("div", { class: "edit-errors", role: "status" });
    const body = h("div", { class: "edit-body" });
    container.setAttribute("aria-label", t("Edit the scene"));
    container.replaceChildren(
      h("div", { class: "edit-head" }, h("h2", null, t("Edit")), undo, redo, unedit, shut),
      h("nav", { class: "edit-tabs", "aria-label": t("Parts of the scene") }, ...tabs),
      errors,
      body,
    );
    return { undo, redo, unedit, tabs, errors, body, lang: source.get().lang };
  }

  function show() {
    if (source.get().lang !== frame.lang) [frame, key] = [skeleton(), ""];
    const now = slice();
    const section = SECTIONS.find(({ name }) => name === local.section) ?? SECTIONS[0];
    const next = `${section.name} ${now.notation} ${section.key(now)}`;
    if (next !== key) {
      [key, marked] = [next, null];
      const back = focusIn(frame.body);
      built = section.build(now, about());
      frame.body.replaceChildren(built.element);
      back();
    }
    built?.update(now);
    dim(frame.undo, !now.undoable);
    dim(frame.redo, !now.redoable);
    if (!now.edited && document.activeElement === frame.unedit) frame.undo.focus();
    frame.unedit.hidden = !now.edited;
    for (const tab of frame.tabs) {
      if (tab.dataset.section === section.name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    mark(now);
  }

  /** The server's errors, at the control they name where it is in view, the others at the top. @param {Slice} now */
  function mark({ errors }) {
    const { t } = about();
    if (errors === marked) return;
    marked = errors;
    unmark(frame.body);
    const placed = errors.map(({ field }) => nearest(frame.body, field));
    errors.forEach((error, index) => nameError(placed[index], t("expected {expected}, got {got}", error)));
    const elsewhere = errors.filter((_, index) => !placed[index]);
    const said = elsewhere.map((error) => t("{field}: expected {expected}, got {got}", error)).join("\n");
    if (frame.errors.textContent !== said) frame.errors.textContent = said;
    for (const tab of frame.tabs) {
      const own = SECTIONS.find(({ name }) => name === tab.dataset.section);
      tab.toggleAttribute("data-wrong", errors.some(({ field }) => own?.fields.some((start) => field.startsWith(start))));
    }
  }

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    act.openPanel(null);
  };
  container.addEventListener("keydown", onKey);
  const off = source.subscribe(show);
  show();
  return () => {
    off();
    container.removeEventListener("keydown", onKey);
    container.replaceChildren();
  };
}

/**
 * A described cell in the terms of the catalogue's list.
 * @param {any} description
 */
function fromDescription(description) {
  if (!description) return null;
  const sizes = Object.fromEntries(description.equations.map((/** @type {any} */ { name, size }) => [name, size]));
  return { ...description, sizes };
}

/**
 * Remembers where the keyboard is, and brings it back to the same control of what was built anew.
 * @param {HTMLElement} body
 * @returns {() => void}
 */
function focusIn(body) {
  const { activeElement } = document;
  const field = body.contains(activeElement) ? activeElement?.getAttribute("data-field") : null;
  return () => {
    if (!field) return;
    const all = /** @type {HTMLElement[]} */ ([...body.querySelectorAll("[data-field]")]);
    (all.find((each) => each.dataset.field === field) ?? all[0])?.focus();
  };
}

/** @param {HTMLElement} body */
function unmark(body) {
  for (const element of body.querySelectorAll("[data-wrong]")) {
    for (const name of ["data-wrong", "aria-invalid", "aria-describedby"]) element.removeAttribute(name);
  }
  for (const text of body.querySelectorAll(".edit-wrong")) text.remove();
}

/**
 * An error in words behind the control it is about.
 * @param {HTMLElement | undefined} control
 * @param {string} words
 */
function nameError(control, words) {
  if (!control || control.dataset.wrong) return;
  const text = h("small", { class: "edit-wrong", id: `wrong-${control.dataset.field}` }, words);
  control.dataset.wrong = "true";
  if (control.matches("input, select, textarea")) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", text.id);
  }
  (control.closest("label, .edit-scroll") ?? control).after(text);
}

/**
 * The control whose field an error names, or the one around it.
 * @param {HTMLElement} body
 * @param {string} field
 */
function nearest(body, field) {
  const all = /** @type {HTMLElement[]} */ ([...body.querySelectorAll("[data-field]")]);
  const around = all.filter((each) => field.startsWith(each.dataset.field ?? "-"));
  return around.sort((a, b) => (b.dataset.field ?? "").length - (a.dataset.field ?? "").length)[0];
}

/**
 * @param {HTMLElement} control
 * @param {boolean} idle it stays focusable, so that the keyboard does not lose its place
 */
function dim(control, idle) {
  control.setAttribute("aria-disabled", String(idle));
}
