/**
 * Networks side by side on the same steps: each as its strip and its key numbers, one cursor for all.
 */
import { MOST } from "../../compare/scenes.js";
import { h, icon } from "../../dom.js";
import { exact } from "../../model/number.js";
import { inLanguage, translator } from "../../words/translate.js";
import { select } from "../charts/options.js";
import { strip } from "../strip.js";

/**
 * @typedef {import("../../words/translate.js").Translate} Translate
 * @typedef {{name: string, problem: string, picture: any, parameters: number}} Network
 * @typedef {{lang: string, networks: Network[], scenes: {key: string, title: any}[], own: string | null,
 *            cells: string[]}} Slice
 * @typedef {{compareWith: (reference: any) => void, compareCell: (cell: string) => void, uncompare: (index: number) => void,
 *            chooseChart: (chart: any) => void, openPanel: (panel: string | null) => void, go: (t: number) => void,
 *            look: (place: string) => void, hover: (name: string | null) => void}} Act
 * @typedef {import("../../state/store.js").Source<Slice>} Slices
 */

/**
 * @param {HTMLElement} container
 * @param {Slices} source
 * @param {Act} act
 * @returns {() => void}
 */
export function panel(container, source, act) {
  /** @type {Translate} */
  const t = (msgid, vars) => translator(source.get().lang)(msgid, vars);
  const title = h("h2", { class: "drawer-title", tabindex: -1 });
  const close = h("button", { type: "button", class: "shut", on: { click: () => act.openPanel(null) } }, icon("close"));
  const adding = h("div", { class: "drawer-actions" });
  const chart = h("button", { type: "button", class: "drawer-action", on: { click: () => showReach(act) } });
  const list = h("ol", { class: "networks" });
  const said = h("p", { class: "visually-hidden", role: "status" });
  container.replaceChildren(h("div", { class: "drawer-head" }, title, close), h("div", { class: "drawer-body" }, adding, list, chart, said));
  /** @type {{update: () => void, unmount: () => void}[]} */
  let rows = [];
  let [offered, built] = ["", ""];

  const offer = () => {
    const slice = source.get();
    const choices = choicesOf(slice, t);
    const full = slice.networks.length > MOST;
    const key = JSON.stringify([slice.lang, choices, full]);
    if (key === offered) return;
    offered = key;
    const within = adding.contains(document.activeElement);
    title.textContent = t("Compare");
    close.setAttribute("aria-label", t("Close the comparison"));
    chart.textContent = t("Chart: how far the gradient reaches in each");
    if (full) adding.replaceChildren(h("p", { class: "drawer-note" }, t("Three networks are as many as fit.")));
    else adding.replaceChildren(...chooser(choices, t, act));
    if (within) /** @type {HTMLElement} */ (adding.querySelector("select") ?? title).focus();
  };

  const react = () => {
    offer();
    const { networks, lang } = source.get();
    const key = JSON.stringify([lang, networks.map(({ name, problem, picture }) => [name, problem, picture?.key])]);
    if (key !== built) {
      built = key;
      const names = networks.map(({ name, problem }) => name || problem).join(t(", "));
      said.textContent = networks.length > 1 ? t("Side by side: {names}", { names }) : "";
      const within = list.contains(document.activeElement);
      for (const row of rows) row.unmount();
      const made = networks.map((_, index) => network(source, index, { t, act }));
      rows = made;
      list.replaceChildren(...made.map(({ element }) => element));
      if (within) /** @type {HTMLElement} */ (adding.querySelector("select") ?? title).focus();
    }
    for (const row of rows) row.update();
  };
  const off = source.subscribe(react);
  react();
  return () => {
    off();
    for (const row of rows) row.unmount();
    container.replaceChildren();
  };
}

/** @param {Act} act */
function showReach(act) {
  act.chooseChart({ kind: "gradient_norms" });
  act.openPanel("charts");
}

/**
 * What a scene can be compared with: value and words.
 * @param {Slice} slice
 * @param {Translate} t
 * @returns {[string, string][]}
 */
function choicesOf({ cells: known, scenes, own, lang }, t) {
  /** @type {[string, string][]} */
  const cells = known.map((cell) => [`cell ${cell}`, t("the same input, {cell}", { cell: CELL_NAMES[cell] })]);
  /** @type {[string, string][]} */
  const others = scenes.map(({ key, title }) => [`scene ${key}`, inLanguage(title, lang)]);
  return own === null ? [...cells, ...others] : [[`scene ${own}`, t("the lesson's own, before the edits")], ...cells, ...others];
}

/** @type {Record<string, string>} the same in every language */
const CELL_NAMES = { elman: "Elman", gru: "GRU", lstm: "LSTM" };

/**
 * @param {[string, string][]} choices
 * @param {Translate} t
 * @param {Act} act
 */
function chooser(choices, t, act) {
  const chosen = select("with", choices, choices[0]?.[0] ?? "", () => {});
  const add = () => {
    const [kind, ...rest] = chosen.value.split(" ");
    if (kind === "cell") act.compareCell(rest.join(" "));
    else if (kind === "scene") act.compareWith(rest.join(" "));
  };
  return [
    h("label", { class: "drawer-field" }, h("span", null, t("Compare with")), chosen),
    h("button", { type: "button", class: "drawer-action primary", "data-action": "add", on: { click: add } }, t("Add")),
  ];
}

/**
 * One network: its name, its strip, its numbers at this step.
 * @param {Slices} source
 * @param {number} index
 * @param {{t: Translate, act: Act}} how
 */
function network(source, index, { t, act }) {
  const mine = () => source.get().networks[index];
  const { name, problem, picture } = mine();
  const remove = h("button", { type: "button", class: "shut", "aria-label": t("Take {name} away", { name }), on: { click: () => act.uncompare(index - 1) } }, icon("close"));
  const facts = h("dl", { class: "drawer-facts" });
  const place = h("div", { class: "strip network-strip" });
  const element = h("li", { class: "network" }, h("div", { class: "network-head" }, h("h3", null, name), ...(index > 0 ? [remove] : [])), problem ? h("p", { class: "drawer-status" }, t("This network could not be computed. {why}", { why: problem })) : place, facts);
  if (!picture) return { element, update: () => {}, unmount: () => {} };
  // The source of a strip is its network's part of the panel's source.
  const own = { get: () => mine()?.picture ?? picture, subscribe: (/** @type {(slice: any) => void} */ listener) => source.subscribe(() => mine()?.picture && listener(mine().picture)) };
  const unmount = strip(place, own, act);
  let told = "";
  const update = () => {
    const now = mine();
    if (!now?.picture?.trace) return;
    const { trace, cursor } = now.picture;
    const undefinedText = t("not a number");
    const row = cursor.t === null ? null : trace.outputs[trace.outputs.length === 1 ? 0 : cursor.t];
    const output = row ? row.slice(0, 4).map((/** @type {unknown} */ value) => exact(value, undefinedText)).join(t(", ")) : "?";
    const lines = [
      [t("Output at this step"), output],
      ...(trace.loss ? [[t("Loss"), exact(trace.loss.total, undefinedText)]] : []),
      [t("Weights and biases"), String(now.parameters)],
    ];
    const key = JSON.stringify(lines);
    if (key === told) return;
    told = key;
    facts.replaceChildren(...lines.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value))));
  };
  return { element, update, unmount };
}
