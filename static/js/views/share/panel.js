/**
 * The dialog that hands things out: a link, the picture, the numbers, the scene.
 */
import { h, icon } from "../../dom.js";
import { save } from "../../saving.js";
import { translator } from "../../words/translate.js";
import { copy } from "../copying.js";
import { snippets } from "../../share/snippets.js";
import { png, standalone } from "./picture.js";

/**
 * @typedef {{lang: string, name: string, title: string}} Slice `name` begins the names of files
 * @typedef {{link: () => Promise<string>, openClass: () => Promise<void>, sceneFile: () => Blob, pageFile: () => Promise<Blob>,
 *            embedding: () => Promise<Omit<import("../../share/snippets.js").Place, "title">>,
 *            traceFile: (media: string, gradients: boolean) => Promise<Blob>}} Act
 */

const TRACES = [
  ["csv", "text/csv"],
  ["npz", "application/x-npz"],
  ["safetensors", "application/vnd.safetensors"],
  ["json", "application/json"],
];

/**
 * What to paste, for a kind of page to choose.
 * @param {Slice} slice
 * @param {Act} act
 * @param {(text: string, work: () => Promise<unknown> | unknown, done: string) => HTMLElement} button
 * @param {string} copied
 */
function embedding({ lang, title }, act, button, copied) {
  const t = translator(lang);
  const text = h("textarea", { class: "share-snippet", readonly: true, rows: 4, spellcheck: "false", "aria-label": t("What to paste") });
  const kinds = h("select", { "aria-label": t("Kind of page") });
  act.embedding().then((place) => {
    const all = snippets({ ...place, title });
    kinds.replaceChildren(...all.map(({ id, name }) => h("option", { value: id }, name)));
    const show = () => (text.value = all.find(({ id }) => id === kinds.value)?.text ?? "");
    kinds.addEventListener("change", show);
    show();
  });
  return [kinds, button(t("Copy"), () => copy(text.value), copied), text];
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function panel(dialog, source, act) {
  const { lang, name, title } = source.get();
  const t = translator(lang);
  const said = h("p", { class: "share-said", role: "status" });
  /** @param {() => Promise<unknown> | unknown} work @param {string} done */
  const doing = (work, done) => async () => {
    said.textContent = "";
    try {
      await work();
      said.textContent = done;
    } catch (error) {
      said.textContent = /** @type {any} */ (error).message || t("That did not work here.");
    }
  };
  /** @param {string} text @param {() => Promise<unknown> | unknown} work @param {string} done */
  const button = (text, work, done) => h("button", { type: "button", class: "edit-action", on: { click: doing(work, done) } }, text);
  const drawing = () => /** @type {SVGSVGElement} */ (document.querySelector("#cell svg"));
  const picture = () => standalone(drawing(), title);
  const gradients = h("input", { type: "checkbox" });
  const copied = t("Copied.");
  const saved = t("Saved.");
  const give = window.isSecureContext ? navigator.clipboard.write.bind(navigator.clipboard) : null;
  const images = drawing()
    ? [
        give && typeof ClipboardItem === "function" ? button(t("Copy"), () => give([new ClipboardItem({ "image/png": png(picture()) })]), copied) : null,
        button("SVG", () => save(new Blob([picture()], { type: "image/svg+xml" }), `${name}.svg`), saved),
        button("PNG", async () => save(await png(picture()), `${name}.png`), saved),
      ]
    : [];
  /** @param {string} heading @param {string} note @param {...(Node | null)} controls */
  const row = (heading, note, ...controls) =>
    h("section", { class: "share-row" }, h("h3", null, heading), h("p", null, note), h("div", { class: "edit-actions" }, ...controls));
  dialog.setAttribute("aria-label", t("Share"));
  dialog.replaceChildren(
    h("div", { class: "dialog-head" }, h("h2", null, t("Share")), h("button", { type: "button", class: "shut", "aria-label": t("Close"), on: { click: () => dialog.close() } }, icon("close"))),
    row(t("Link"), t("Opens this step of this scene, edits included."), button(t("Copy the link"), async () => copy(await act.link()), copied)),
    row(t("In another page"), t("Paste this where the page takes HTML."), ...embedding(source.get(), act, button, copied)),
    ...(document.getElementById("class")
      ? []
      : [row(t("Class"), t("Every student’s screen follows yours, at this step of this scene."), button(t("Open a class"), () => act.openClass(), ""))]),
    ...(images.length ? [row(t("Picture of the cell"), t("As it stands, in the colours of the page."), ...images)] : []),
    row(
      t("All numbers"), t("Every value at every step."),
      ...TRACES.map(([form, media]) => button(form, async () => save(await act.traceFile(media, gradients.checked), `${name}.${form}`), saved)),
      h("label", { class: "edit-tick" }, gradients, h("span", null, t("gradients too"))),
    ),
    row(t("One file"), t("Steps, opens its arithmetic and changes language with no server and no network."), button("HTML", async () => save(await act.pageFile(), `${name}.html`), saved)),
    row(t("Scene"), t("The document that programs and the command line take."), button("JSON", () => save(act.sceneFile(), `${name}.scene.json`), saved)),
    said,
  );
}
