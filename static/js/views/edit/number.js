/**
 * A number one can type, drag, and step with the arrow keys; coloured by its sign and size.
 */
import { numberOf } from "../../edit/sheet.js";
import { h } from "../../dom.js";
import { exact } from "../../model/number.js";
import { paint } from "../vector.js";

/**
 * @typedef {{set: (value: number, tag: string) => void, paste?: (text: string) => void,
 *            label: string, field?: string}} How `tag` is one for what is taken back as one
 * @typedef {{element: HTMLInputElement, update: (value: number, about: {top: number, own: number | null,
 *            changed: (own: string) => string}) => void}} NumberCell
 */

const PIXELS = 5;
let gestures = 0;

/**
 * How far one step goes: a tenth near zero, more where the number is large.
 * @param {number} value
 */
export function stepOf(value) {
  const size = Math.abs(value);
  return size < 10 ? 0.1 : 10 ** (Math.floor(Math.log10(size)) - 1);
}

/**
 * @param {number} value
 * @param {number} steps
 * @param {{shiftKey: boolean, altKey: boolean}} keys ten times as far, or a tenth
 */
export function moved(value, steps, { shiftKey, altKey }) {
  const step = stepOf(value) * (shiftKey ? 10 : altKey ? 0.1 : 1);
  const grain = step * 1e-6; // what adding tenths leaves behind is not a digit anyone chose
  return Number((Math.round((value + steps * step) / grain) * grain).toPrecision(12));
}

/**
 * A number as a cell shows it until it is entered: three or four digits of it.
 * @param {number} value
 */
function brief(value) {
  return exact(Number(value.toPrecision(Math.abs(value) < 1 ? 3 : 4)));
}

/**
 * @param {How} how
 * @returns {NumberCell}
 */
export function numberCell({ set, paste, label, field }) {
  let value = 0;
  let tag = "";
  const element = h("input", {
    type: "text", inputmode: "decimal", size: 1, role: "spinbutton", class: "edit-cell", autocomplete: "off",
    spellcheck: "false", "aria-label": label, "data-field": field,
  });
  /** @param {number} next */
  const give = (next) => {
    if (!Number.isFinite(next) || next === value) return;
    value = next;
    set(next, tag);
  };
  const begin = () => (tag = `number ${(gestures += 1)}`);
  /** @param {number} next */
  const show = (next) => {
    element.value = brief(next);
    element.style.setProperty("--letters", String(element.value.length));
    element.setAttribute("aria-valuenow", String(next));
  };
  element.addEventListener("focus", () => {
    begin();
    element.value = String(value);
    element.select();
  });
  element.addEventListener("blur", () => {
    element.removeAttribute("aria-invalid");
    show(value);
  });
  element.addEventListener("input", () => {
    const read = numberOf(element.value);
    element.toggleAttribute("aria-invalid", false);
    if (read === null) element.setAttribute("aria-invalid", "true");
    else give(read);
  });
  element.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (steps === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    give(moved(value, steps, event));
    element.value = String(value);
  });
  if (paste) {
    element.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\t\n;,]|\d\s+\d/.test(text.trim())) return;
      event.preventDefault();
      paste(text);
    });
  }
  drag(element, {
    start: () => (begin(), value),
    move: (next) => {
      give(next);
      element.value = String(next);
    },
  });
  return {
    element,
    update(next, { top, own, changed }) {
      if (next !== value || document.activeElement !== element) {
        value = next;
        if (document.activeElement === element) element.value = String(next);
        else show(next);
      }
      element.setAttribute("aria-valuenow", String(next));
      paint(element, next, top);
      const differs = own !== null && own !== next;
      element.toggleAttribute("data-changed", differs);
      const words = differs ? `${label}; ${changed(exact(own))}` : label;
      element.setAttribute("aria-label", words);
      element.title = words;
    },
  };
}

/**
 * Dragging up or to the right raises, down or to the left lowers. A press that does not move is a click.
 * @param {HTMLInputElement} element
 * @param {{start: () => number, move: (value: number) => void}} act
 */
function drag(element, { start, move }) {
  element.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || document.activeElement === element) return;
    let from = 0;
    let dragging = false;
    const onMove = (/** @type {PointerEvent} */ event) => {
      const steps = Math.trunc((event.clientX - down.clientX - (event.clientY - down.clientY)) / PIXELS);
      if (!dragging && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < PIXELS) return;
      if (!dragging) {
        dragging = true;
        element.setPointerCapture(down.pointerId);
        element.classList.add("dragging");
        from = start();
      }
      move(moved(from, steps, event));
    };
    const end = () => {
      element.removeEventListener("pointermove", onMove);
      element.classList.remove("dragging");
      if (!dragging) element.focus();
    };
    if (down.pointerType === "mouse") down.preventDefault();
    element.addEventListener("pointermove", onMove);
    for (const done of ["pointerup", "pointercancel"]) element.addEventListener(done, end, { once: true });
  });
}
