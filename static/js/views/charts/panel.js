/**
 * The charts of a scene, one at a time: a picture, what it says in words, its numbers as a table. The
 * figures are the server's; the picture before stays until the next one is there.
 */
import { completed } from "../../charts/choices.js";
import { chartOf, kindsFor, requestFor } from "../../charts/kinds.js";
import { hoverOf, pointedAt } from "../../charts/marks.js";
import { h, icon } from "../../dom.js";
import { translator } from "../../words/translate.js";
import { asking } from "./asking.js";
import { numbers } from "./numbers.js";
import { options, select } from "./options.js";

/**
 * @typedef {{lang: string, theme: string, content: string, scene: any, name: string, trace: any, place: string,
 *            cells: import("../../model/trace.js").Cell[], cursor: import("../../state/model.js").Cursor, hover: string | null,
 *            others: {name: string, scene: any, content: string}[], reports: any[], chart: any}} Slice
 * @typedef {{figure: (request: any, signal: AbortSignal) => Promise<any>, plotly: (progress: (share: number) => void) => Promise<any>,
 *            chooseChart: (chart: any) => void, go: (t: number) => void, hover: (name: string | null) => void,
 *            openPanel: (panel: string | null) => void}} Act
 * @typedef {import("../../charts/kinds.js").Chart} Chart
 * @typedef {import("../../words/translate.js").Translate} Translate
 */

/** @param {Translate} t @returns {Record<string, string>} */
function titles(t) {
  return {
    gates: t("Gates and states"),
    gradient_norms: t("Reach of the gradient"),
    jacobians: t("Step against step: Jacobians"),
    bptt: t("Step against step: gradients of a weight"),
    surface: t("Error surface"),
    attention: t("Attention"),
    sampling: t("Sampling"),
    training: t("Training"),
  };
}

/** @param {string} theme @returns {"light" | "dark" | "projector"} */
function light(theme) {
  if (theme === "dark" || theme === "projector") return theme;
  return theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 * @returns {() => void}
 */
export function panel(container, source, act) {
  const frame = skeleton(act);
  container.replaceChildren(...frame.all);
  /** @type {Translate} */
  const t = (msgid, vars) => translator(source.get().lang)(msgid, vars);
  const offer = offering(frame, source, { t, act });
  const tell = telling(frame, source, { t, act });
  const marks = () => {
    const { cursor, hover, place, chart } = source.get();
    // The cursor counts the decoder's steps; an encoder's chart has others.
    const own = !(chart?.place ?? place).startsWith("encoder.") || ["attention", "sampling"].includes(chart?.kind);
    return { t: own ? cursor.t : null, node: pointedAt(hover, cursor.node, place), ink: getComputedStyle(container).color };
  };
  /** @param {string} text @param {string} [look] a chart that is there is said to those who do not see it */
  const say = (text, look = "drawer-status") => {
    if (frame.status.textContent !== text) frame.status.textContent = text;
    frame.status.className = look;
    frame.status.hidden = text === "";
  };
  /** @param {any} document @param {string} text */
  const end = (document, text) => {
    container.removeAttribute("aria-busy");
    frame.picture.hidden = document === null;
    if (document) say(document.title, "visually-hidden");
    else say(text);
    tell(document);
  };
  const figures = asking(frame.picture, act, {
    marks,
    point: { go: act.go, point: (line) => act.hover(line && hoverOf(line, source.get().place)) },
    hear: {
      begun() {
        container.setAttribute("aria-busy", "true");
        if (frame.picture.hidden) say(t("Drawing…"));
      },
      loading: (share) => say(t("Loading the chart library, {percent} %", { percent: Math.round(share * 100) })),
      drawn: (document) => end(document, ""),
      failed: (why) => end(null, t("This chart could not be drawn. {why}", { why })),
    },
  });
  let asked = "";
  const react = () => {
    const slice = source.get();
    const request = requestFor({ ...slice, theme: light(slice.theme), node: slice.cursor.node, chart: offer() });
    const { scene: _scene, scenes: _scenes, ...rest } = request ?? {};
    const key = request ? JSON.stringify([rest, slice.content, slice.others.map(({ content }) => content)]) : asked;
    if (key !== asked) {
      asked = key;
      return void figures.ask(request);
    }
    figures.mark();
    return tell();
  };
  frame.details.addEventListener("toggle", () => tell());
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", react);
  const off = source.subscribe(react);
  react();
  return () => {
    off();
    dark.removeEventListener("change", react);
    figures.stop();
    container.replaceChildren();
  };
}

/**
 * The choices, built anew when there are others.
 * @param {ReturnType<typeof skeleton>} frame
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {{t: Translate, act: Act}} how
 * @returns {() => Chart} the chart as it stands, everything it needs chosen
 */
function offering({ title, close, choices }, source, { t, act }) {
  let offered = "";
  return () => {
    const slice = source.get();
    const kinds = kindsFor(slice.scene, slice.reports);
    const chart = completed(chartOf(slice.chart, kinds), slice.trace, slice.cells);
    const { axes, descents: _descents, ...plain } = chart;
    const entries = axes?.map((/** @type {any} */ each) => [each.parameter, each.entry]);
    const key = JSON.stringify([slice.lang, kinds, plain, entries, slice.place, slice.trace !== null]);
    if (key === offered) return chart;
    offered = key;
    const name = choices.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    const names = titles(t);
    const kind = select("kind", kinds.map((each) => [each, names[each]]), chart.kind, (next) => act.chooseChart({ kind: next }));
    const choose = (/** @type {any} */ change) => act.chooseChart({ ...source.get().chart, kind: chart.kind, ...change });
    title.textContent = t("Charts");
    close.setAttribute("aria-label", t("Close the charts"));
    choices.replaceChildren(h("label", { class: "drawer-field" }, h("span", null, t("Chart")), kind), ...options(slice, chart, { t, choose }));
    if (name) /** @type {HTMLElement | null} */ (choices.querySelector(`[data-field="${name}"]`))?.focus();
    return chart;
  };
}

/**
 * What a figure says: in words, and as a table where that is opened.
 * @param {ReturnType<typeof skeleton>} frame
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {{t: Translate, act: Act}} how
 * @returns {(next?: any) => void} `next` is another figure, null for none; without it the same as before
 */
function telling({ picture, heading, summary, notes, told, details, opener, table }, source, { t, act }) {
  /** @type {any} */
  let shown = null;
  let tabled = "";
  return (next = shown) => {
    const { cursor, lang } = source.get();
    const key = JSON.stringify([lang, details.open, details.open ? cursor.t : null]);
    if (next === shown && key === tabled) return;
    [shown, tabled] = [next, key];
    told.hidden = shown === null;
    heading.textContent = shown?.title ?? "";
    if (shown === null) return;
    picture.setAttribute("aria-label", `${shown.title}. ${shown.summary}`);
    summary.textContent = shown.summary;
    notes.replaceChildren(...shown.notes.map((/** @type {string} */ note) => h("li", null, note)));
    opener.textContent = t("The numbers of this chart");
    const held = details.open ? numbers(shown.table, { t, step: cursor.t, timed: shown.follows !== null, go: act.go }) : [];
    table.replaceChildren(...held);
  };
}

/** @param {Act} act */
function skeleton(act) {
  const title = h("h2", { class: "drawer-title", tabindex: -1 });
  const close = h("button", { type: "button", class: "shut", on: { click: () => act.openPanel(null) } }, icon("close"));
  const choices = h("div", { class: "drawer-fields" });
  const status = h("p", { class: "drawer-status", role: "status" });
  const heading = h("h3", { class: "drawer-heading" });
  const picture = h("div", { class: "chart-picture", role: "img", hidden: true });
  const summary = h("p", { class: "drawer-summary" });
  const notes = h("ul", { class: "drawer-notes" });
  const opener = h("summary", null);
  const table = h("div", null);
  const details = h("details", { class: "drawer-details" }, opener, table);
  const told = h("div", { hidden: true }, summary, notes, details);
  const body = h("div", { class: "drawer-body" }, choices, status, heading, picture, told);
  return { title, close, choices, status, heading, picture, summary, notes, opener, table, details, told, all: [h("div", { class: "drawer-head" }, title, close), body] };
}
