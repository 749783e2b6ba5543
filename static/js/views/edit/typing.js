/**
 * A cell of one's own: its equations typed, judged by the server, put into the scene.
 */
import { h } from "../../dom.js";
import { get } from "../../edit/document.js";
import { setCell } from "../../edit/structure.js";
import { action, labelled } from "./controls.js";

/** Texts to begin with: a plain network, one gate, a leak. They are the reader's from then on. */
const EXAMPLES = [
  { id: "plain", state: ["h"], output: "h", equations: "z_h = W @ x + U @ h[t-1] + b\nh = tanh(z_h)" },
  { id: "one_gate", state: ["h"], output: "h", equations: "z_f = W_f @ x + U_f @ h[t-1] + b_f\nf = sigmoid(z_f)\nz_g = W_g @ x + b_g\ng = tanh(z_g)\nh = f * h[t-1] + (1 - f) * g" },
  { id: "leaky", state: ["h"], output: "h", equations: "z_h = W @ x + U @ h[t-1] + b\ng = relu(z_h)\nh = 0.9 * h[t-1] + 0.1 * g" },
];

/**
 * The cell as the editor begins with it: the layer's own, or the text of the catalogue's under a new name.
 * @param {any} layer
 * @param {any[]} catalogue
 */
function beginning(layer, catalogue) {
  if (typeof layer.cell === "object") return layer.cell;
  const known = catalogue.find((cell) => cell.id === layer.cell);
  if (!known) return EXAMPLES[0];
  const sizes = Object.fromEntries(Object.entries(known.sizes).filter(([, size]) => size !== "units"));
  return { id: `my_${known.id}`.slice(0, 32), state: known.state, output: known.output, options: known.options, equations: known.text, sizes };
}

/**
 * @param {{layer: any, path: (string | number)[], field: string}} which
 * @param {import("./panel.js").Slice} slice
 * @param {import("./panel.js").About & {mend: (change: (scene: any) => any) => void}} about
 */
export function typing({ layer, path, field }, slice, about) {
  const { t, act, catalogue, shapesOf, mend } = about;
  const first = about.drafts.get(field) ?? beginning(layer, catalogue);
  const name = h("input", { type: "text", value: first.id, spellcheck: "false", "data-field": `${field}.cell.id` });
  const state = h("input", { type: "text", value: first.state.join(" "), spellcheck: "false", "data-field": `${field}.cell.state` });
  const output = h("input", { type: "text", value: first.output, spellcheck: "false", "data-field": `${field}.cell.output` });
  const text = h("textarea", { rows: 6, spellcheck: "false", wrap: "off", "data-field": `${field}.cell.equations` });
  text.value = first.equations;
  const gutter = h("pre", { class: "edit-gutter", "aria-hidden": "true" });
  const message = h("p", { class: "edit-message", role: "status", id: `typed-${path.join("-")}` });
  text.setAttribute("aria-describedby", message.id);
  const draft = () => ({
    id: name.value.trim(), state: state.value.split(/[\s,]+/).filter(Boolean), output: output.value.trim(),
    equations: text.value, options: first.options ?? {}, sizes: first.sizes ?? {},
  });
  /** @param {number | null} wrong a line, from 1 */
  const number = (wrong = null) => {
    const lines = text.value.split("\n").length;
    text.rows = Math.min(16, Math.max(4, lines + 1));
    gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => h("span", { class: wrong === index + 1 ? "wrong" : null }, `${index + 1}\n`)));
  };
  /** @param {any} error */
  const refuse = (error) => {
    const [first = null] = error.errors ?? [];
    const at = /line (\d+), column (\d+)/.exec(first?.got ?? "");
    const [line, column] = [first?.line ?? Number(at?.[1]), first?.column ?? Number(at?.[2])];
    const found = line > 0;
    number(found ? line : null);
    text.toggleAttribute("aria-invalid", false);
    if (found || first?.field === "equations") text.setAttribute("aria-invalid", "true");
    const refusal = found ? t("expected {expected}, got {got}", first) : t("{field}: expected {expected}, got {got}", first ?? {});
    const what = first ? refusal : error.message || t("The server was not reached.");
    message.textContent = found ? t("Line {line}, column {column}: {what}", { line, column, what }) : what;
    if (found) place(text, line, column);
  };
  const use = async () => {
    const cell = draft();
    about.drafts.set(field, cell);
    try {
      const described = await act.typedCell(cell);
      message.textContent = "";
      text.removeAttribute("aria-invalid");
      number();
      about.learn(cell, described);
      mend((scene) => setCell(scene, path, cell, { before: shapesOf(get(scene, path).cell), after: /** @type {any} */ (shapesOf(cell)) }));
      message.textContent = t("The network runs with it.");
      about.used(field);
    } catch (error) {
      refuse(error);
    }
  };
  text.addEventListener("input", () => number());
  text.addEventListener("scroll", () => (gutter.scrollTop = text.scrollTop));
  const examples = EXAMPLES.map((example) =>
    action(exampleName(example.id, t), () => {
      [name.value, state.value, output.value, text.value] = [example.id, example.state.join(" "), example.output, example.equations];
      number();
    }, undefined, `${field}.example.${example.id}`),
  );
  number();
  return h(
    "div",
    { class: "edit-typing" },
    h("div", { class: "edit-fields" }, labelled(t("Name"), name), labelled(t("Carried from step to step"), state), labelled(t("Output"), output)),
    h("div", { class: "edit-code" }, gutter, labelled(t("Equations"), text)),
    message,
    h("div", { class: "edit-actions" }, action(t("Use these equations"), use, undefined, `${field}.use`), h("span", { class: "edit-note" }, t("Begin with:")), ...examples),
    h("p", { class: "edit-note" }, t("A capital is a matrix, a small letter a vector; h[t-1] is the state of the step before; @ multiplies a matrix, * entry by entry.")),
  );
}

/**
 * @param {string} id
 * @param {import("./panel.js").About["t"]} t
 */
function exampleName(id, t) {
  if (id === "plain") return t("a plain network");
  return id === "one_gate" ? t("one gate") : t("a leaky memory");
}

/**
 * The cursor put where the mistake is.
 * @param {HTMLTextAreaElement} text
 * @param {number} line from 1
 * @param {number} column from 1
 */
function place(text, line, column) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(before + column - 1, before + column);
}
