/**
 * The charts of a scene, one at a time: a picture, what it says in words, its numbers as a table. The
 * figures are the server's; the picture before stays until the next one is there.
 */
import { completed } from "../../charts/choices.js";
import { chartOf, kindsFor, requestFor } from "../../charts/kinds.js";
import { chart as mounted } from "../../charts/mount.js";
import { h, icon } from "../../dom.js";
import { translator } from "../../words/translate.js";
import { numbers } from "./numbers.js";
import { options, select } from "./options.js";

/**
 * @typedef {{lang: string, theme: string, content: string, scene: any, name: string, trace: any, place: string,
 *            cells: import("../../model/trace.js").Cell[], cursor: import("../../state/model.js").Cursor,
 *            others: {name: string, scene: any, content: string}[], reports: any[], chart: any}} Slice
 * @typedef {{figure: (request: any, signal: AbortSignal) => Promise<any>, plotly: (progress: (share: number) => void) => Promise<any>,
 *            chooseChart: (chart: any) => void, go: (t: number) => void, openPanel: (panel: string | null) => void}} Act
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
  const { status, picture, choices, summary, notes, details } = frame;
  container.replaceChildren(...frame.all);
  /** @type {ReturnType<typeof mounted> | null} */
  let drawing = null;
  /** @type {any} */
  let document_ = null;
  let running = new AbortController();
  let [asked, offered, tabled] = ["", "", ""];

  const marks = () => {
    const { cursor } = source.get();
    return { t: cursor.t, node: cursor.node, ink: getComputedStyle(container).color };
  };
  /** @type {Translate} */
  const t = (msgid, vars) => translator(source.get().lang)(msgid, vars);
  /** @param {string} text */
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
    status.hidden = text === "";
  };
  const current = () => {
    const slice = source.get();
    const kinds = kindsFor(slice.scene, slice.reports);
    return { slice, kinds, chart: completed(chartOf(slice.chart, kinds), slice.trace, slice.cells) };
  };

  const offer = () => {
    const { slice, kinds, chart } = current();
    const { axes: _axes, descents: _descents, ...plain } = chart;
    const key = JSON.stringify([slice.lang, kinds, plain, chart.axes?.map((/** @type {any} */ each) => [each.parameter, each.entry]), slice.place, slice.trace !== null]);
    if (key === offered) return;
    offered = key;
    const name = choices.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    const names = titles(t);
    const kind = select("kind", kinds.map((each) => [each, names[each]]), chart.kind, (next) => act.chooseChart({ kind: next }));
    const how = { t, choose: (/** @type {any} */ change) => act.chooseChart({ ...slice.chart, kind: chart.kind, ...change }) };
    frame.title.textContent = t("Charts");
    frame.close.setAttribute("aria-label", t("Close the charts"));
    choices.replaceChildren(h("label", { class: "drawer-field" }, h("span", null, t("Chart")), kind), ...options(slice, chart, how));
    if (name) /** @type {HTMLElement | null} */ (choices.querySelector(`[data-field="${name}"]`))?.focus();
  };

  const tell = () => {
    if (!document_) return;
    const { cursor, lang } = source.get();
    const key = JSON.stringify([document_.title, asked, lang, details.open, details.open ? cursor.t : null]);
    if (key === tabled && frame.heading.textContent !== "") return;
    tabled = key;
    picture.setAttribute("aria-label", `${document_.title}. ${document_.summary}`);
    frame.heading.textContent = document_.title;
    summary.textContent = document_.summary;
    notes.replaceChildren(...document_.notes.map((/** @type {string} */ note) => h("li", null, note)));
    frame.opener.textContent = t("The numbers of this chart");
    const held = details.open ? numbers(document_.table, { t, step: cursor.t, timed: document_.follows !== null, go: act.go }) : [];
    frame.table.replaceChildren(...held);
  };

  /** @param {any} request */
  const ask = async (request) => {
    running.abort();
    const mine = (running = new AbortController());
    say(document_ ? "" : t("Drawing…"));
    container.setAttribute("aria-busy", "true");
    try {
      const loaded = act.plotly((share) => !mine.signal.aborted && say(t("Loading the chart library, {percent} %", { percent: Math.round(share * 100) })));
      const [figure, Plotly] = await Promise.all([act.figure(request, mine.signal), loaded]);
      if (mine.signal.aborted) return;
      document_ = figure;
      picture.hidden = false;
      drawing ??= mounted(picture, Plotly, act.go);
      await drawing.show(figure, marks());
      say("");
    } catch (error) {
      if (mine.signal.aborted) return;
      const { message } = /** @type {any} */ (error);
      [document_, picture.hidden, frame.heading.textContent] = [null, true, ""];
      say(t("This chart could not be drawn. {why}", { why: message ?? "" }));
    }
    if (mine.signal.aborted) return;
    container.removeAttribute("aria-busy");
    frame.told.hidden = document_ === null;
    tell();
  };

  const react = () => {
    const { slice, chart } = current();
    offer();
    const request = requestFor({ ...slice, theme: light(slice.theme), node: slice.cursor.node, chart });
    const { scene: _scene, scenes: _scenes, ...rest } = request ?? {};
    const key = request ? JSON.stringify([rest, slice.content, slice.others.map(({ content }) => content)]) : "";
    if (key !== asked && request) {
      asked = key;
      return void ask(request);
    }
    drawing?.mark(marks());
    return tell();
  };

  details.addEventListener("toggle", tell);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", react);
  const off = source.subscribe(react);
  react();
  return () => {
    off();
    dark.removeEventListener("change", react);
    running.abort();
    drawing?.remove();
    container.replaceChildren();
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
