/**
 * The plain controls of the panel: each has a label, and the field of the document it stands for.
 */
import { h, icon } from "../../dom.js";

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [hint]
 */
export function labelled(label, control, hint) {
  return h("label", { class: "edit-field" }, h("span", null, label), control, hint ? h("small", null, hint) : null);
}

/**
 * @param {{label: string, field: string, value: string, options: [string, string][], changed?: boolean,
 *          choose: (value: string) => void}} how
 */
export function chooser({ label, field, value, options, changed = false, choose }) {
  const select = h(
    "select",
    { "data-field": field, "data-changed": changed, on: { change: () => choose(select.value) } },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return labelled(label, select);
}

/**
 * A whole number, taken when it is settled: half a number typed must not resize anything.
 * @param {{label: string, field: string, value: number, least?: number, changed?: boolean,
 *          choose: (value: number) => void}} how
 */
export function counter({ label, field, value, least = 1, changed = false, choose }) {
  const input = h("input", { type: "number", min: least, step: 1, value, "data-field": field, "data-changed": changed });
  input.addEventListener("change", () => {
    const next = input.valueAsNumber;
    if (Number.isInteger(next) && next >= least) choose(next);
    else input.value = String(value);
  });
  return labelled(label, input);
}

/**
 * @param {{label: string, field: string, checked: boolean, choose: (checked: boolean) => void}} how
 */
export function tick({ label, field, checked, choose }) {
  const box = h("input", { type: "checkbox", checked, "data-field": field, on: { change: () => choose(box.checked) } });
  return h("label", { class: "edit-tick" }, box, h("span", null, label));
}

/**
 * @param {string} text
 * @param {() => void} press
 * @param {string} [name] of an icon that stands in the text's place
 * @param {string} [key] by which the control is found again
 */
export function action(text, press, name, key) {
  const shown = name ? [icon(name)] : [text];
  return h(
    "button",
    { type: "button", class: name ? "edit-icon" : "edit-action", "aria-label": name ? text : null, title: name ? text : null, "data-field": key, on: { click: press } },
    ...shown,
  );
}

/**
 * @param {string} title
 * @param {...(Node | null)} children
 */
export function block(title, ...children) {
  return h("section", { class: "edit-block" }, h("h3", null, title), ...children);
}
