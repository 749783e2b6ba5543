/**
 * A sequence too long to draw column by column, all of it at once: one band of signed colours. It takes
 * the reader where it is pressed; the scrubber does the same by keyboard.
 */
import { h } from "../dom.js";
import { condensed } from "../model/rows.js";
import { shades } from "./vector.js";

const BANDS = 160;

/**
 * @param {(import("../model/trace.js").Wire[] | null)[]} values by step
 * @param {{top: number, go: (step: number) => void}} how
 */
export function overview(values, { top, go }) {
  const steps = values.length;
  const largest = values.map((each) => (each && each.length > 0 ? condensed(each, 1)[0] : 0));
  const band = h("span", { class: "overview-band" });
  band.style.backgroundImage = shades(condensed(largest, BANDS), top, "to right");
  const window = h("span", { class: "overview-window" });
  const present = h("span", { class: "overview-present" });
  const element = h("div", { class: "overview", "aria-hidden": "true" }, band, window, present);
  const share = (/** @type {number} */ step) => `${(step / steps) * 100}%`;
  const take = (/** @type {PointerEvent} */ event) => {
    if (event.buttons === 0) return;
    const { left, width } = element.getBoundingClientRect();
    go(Math.max(0, Math.min(steps - 1, Math.floor(((event.clientX - left) / width) * steps))));
  };
  element.addEventListener("pointerdown", take);
  element.addEventListener("pointermove", take);
  return {
    element,
    /** @param {{from: number, to: number}} seen @param {number | null} t */
    update({ from, to }, t) {
      window.style.left = share(from);
      window.style.width = share(to - from);
      present.hidden = t === null;
      present.style.left = share((t ?? 0) + 0.5);
    },
  };
}
