/**
 * Training: how, start, pause, one update, stop; numbers and curves while the network on the page
 * learns.
 */
import { h, icon } from "../../dom.js";
import { exact } from "../../model/number.js";
import { isGoing, obstacle, OPTIMISERS, USUAL, wasClipped } from "../../training/course.js";
import { translator } from "../../words/translate.js";
import { number, select } from "../charts/options.js";
import { curves } from "./curves.js";

/**
 * @typedef {import("../../training/course.js").Course} Course
 * @typedef {import("../../training/course.js").Settings} Settings
 * @typedef {import("../../words/translate.js").Translate} Translate
 * @typedef {{lang: string, scene: any, settings: Partial<Settings>, course: Course | null}} Slice
 * @typedef {{train: (settings: Settings, paused: boolean) => void, pauseTraining: () => void, resumeTraining: () => void,
 *            updateOnce: () => void, stopTraining: () => void, chooseTraining: (settings: Settings) => void,
 *            chooseChart: (chart: any) => void, openPanel: (panel: string | null) => void}} Act
 */

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 * @returns {() => void}
 */
export function panel(container, source, act) {
  /** @type {Translate} */
  const t = (msgid, vars) => translator(source.get().lang)(msgid, vars);
  const settings = () => /** @type {Settings} */ ({ ...USUAL, ...source.get().settings });
  const title = h("h2", { class: "drawer-title", tabindex: -1 });
  const close = h("button", { type: "button", class: "shut", on: { click: () => act.openPanel(null) } }, icon("close"));
  const fields = h("div", { class: "drawer-fields" });
  const wanting = h("div", { class: "drawer-status", hidden: true });
  const status = h("p", { class: "drawer-summary", role: "status" });
  const report = h("div", null);
  const buttons = actions(act, source, settings);
  container.replaceChildren(
    h("div", { class: "drawer-head" }, title, close),
    h("div", { class: "drawer-body" }, wanting, fields, h("div", { class: "drawer-actions", role: "group" }, ...buttons.all), status, report),
  );
  let [built, drawn] = ["", ""];

  const form = () => {
    const now = settings();
    const key = JSON.stringify([source.get().lang, now]);
    if (key === built) return;
    built = key;
    const name = fields.contains(document.activeElement) ? document.activeElement?.getAttribute("data-field") : null;
    const take = (/** @type {Partial<Settings>} */ change) => act.chooseTraining({ ...settings(), ...change });
    title.textContent = t("Training");
    close.setAttribute("aria-label", t("Close the training"));
    /** @type {Record<string, string>} */
    const clips = { none: t("None"), norm: t("By norm"), value: t("By value") };
    /** @type {Record<string, string>} */
    const names = { sgd: "SGD", momentum: "Momentum", rmsprop: "RMSprop", adam: "Adam" };
    const field = (/** @type {string} */ label, /** @type {HTMLElement} */ control) => h("label", { class: "drawer-field" }, h("span", null, label), control);
    const bound = field(t("Clip at"), number("bound", { value: now.bound, min: 1e-9, step: "any", take: (value) => take({ bound: value }) }));
    fields.replaceChildren(
      field(t("Optimiser"), select("optimiser", OPTIMISERS.map((each) => [each, names[each]]), now.optimiser, (optimiser) => take({ optimiser }))),
      field(t("Learning rate"), number("rate", { value: now.rate, min: 1e-12, step: "any", take: (rate) => take({ rate }) })),
      field(t("Clipping"), select("clip", Object.entries(clips), now.clip, (clip) => take({ clip: /** @type {any} */ (clip) }))),
      ...(now.clip === "none" ? [] : [bound]),
      field(t("Pace"), select("pace", [["watch", t("Watch each update")], ["fast", t("As fast as it goes")]], now.pace, (pace) => take({ pace: /** @type {any} */ (pace) }))),
      field(t("Updates"), number("updates", { value: now.updates, min: 1, max: 1e6, take: (updates) => take({ updates }) })),
    );
    if (name) /** @type {HTMLElement | null} */ (fields.querySelector(`[data-field="${name}"]`))?.focus();
  };

  const react = () => {
    const { course, scene, lang } = source.get();
    form();
    const obstructed = obstacle(scene);
    buttons.update(course, obstructed !== null, t);
    want(wanting, obstructed, t, act);
    const key = JSON.stringify([lang, course?.status, course?.detail, course?.reports.length, course?.reports.at(-1)]);
    if (key === drawn) return;
    drawn = key;
    const said = course ? standing(course, t) : t("The network learns from the scene's own sequence and targets; the picture follows.");
    if (status.textContent !== said) status.textContent = said;
    report.replaceChildren(...(course ? told(course, { t, act, width: report.clientWidth }) : []));
  };
  const off = source.subscribe(react);
  react();
  return () => {
    off();
    container.replaceChildren();
  };
}

/**
 * @param {Act} act
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {() => Settings} settings
 */
function actions(act, source, settings) {
  let [idle, lacking] = [true, false];
  const going = () => isGoing(source.get().course);
  const press = (/** @type {string} */ name, /** @type {() => void} */ run) =>
    h("button", { type: "button", class: `drawer-action${name === "start" ? " primary" : ""}`, "data-action": name, on: { click: (/** @type {Event} */ event) => /** @type {Element} */ (event.currentTarget).getAttribute("aria-disabled") !== "true" && run() } });
  const start = press("start", () => {
    const { course } = source.get();
    if (course?.status === "running") act.pauseTraining();
    else if (course?.status === "paused") act.resumeTraining();
    else act.train(settings(), false);
  });
  const once = press("once", () => (going() ? act.updateOnce() : act.train(settings(), true)));
  const stop = press("stop", () => act.stopTraining());
  return {
    all: [start, once, stop],
    /** @param {Course | null} course @param {boolean} obstructed @param {Translate} t */
    update(course, obstructed, t) {
      [idle, lacking] = [!isGoing(course), obstructed];
      start.textContent = course?.status === "running" ? t("Pause") : course?.status === "paused" ? t("Go on") : t("Start");
      once.textContent = t("One update");
      stop.textContent = t("Stop");
      start.setAttribute("aria-disabled", String((idle && lacking) || course?.status === "connecting"));
      once.setAttribute("aria-disabled", String((idle && lacking) || course?.status === "running" || course?.status === "connecting"));
      stop.setAttribute("aria-disabled", String(idle));
    },
  };
}

/**
 * What a scene lacks, and where it can be had.
 * @param {HTMLElement} place
 * @param {"targets" | "form" | null} obstructed
 * @param {Translate} t
 * @param {Act} act
 */
function want(place, obstructed, t, act) {
  place.hidden = obstructed === null;
  if (obstructed === null) return place.replaceChildren();
  const words = obstructed === "targets"
    ? t("This scene has no targets and no loss, so there is nothing to learn yet.")
    : t("This kind of scene cannot be trained here.");
  if (place.firstElementChild?.textContent === words) return undefined;
  const edit = h("button", { type: "button", class: "drawer-action", on: { click: () => act.openPanel("edit") } }, t("Set targets and loss"));
  return place.replaceChildren(h("p", null, words), ...(obstructed === "targets" ? [edit] : []));
}

/** @param {Course} course @param {Translate} t */
function standing({ status, stopped, detail }, t) {
  /** @type {Record<string, string>} */
  const ends = {
    updates: t("All updates are done."),
    stop: t("Stopped. The network keeps what it has learned; undo takes it back."),
    non_finite: t("Stopped: the next update leads to weights that are no numbers. These are the last good ones."),
  };
  /** @type {Record<string, string>} */
  const words = {
    connecting: t("Connecting…"),
    running: t("Training goes on."),
    paused: t("Resting."),
    ended: ends[stopped ?? "stop"],
    lost: t("The connection to the server was lost. The page keeps what was learned so far; start again to go on from here."),
    refused: t("The server refused: {why}", { why: detail }),
    left: t("The scene was changed, so this training has ended."),
  };
  return words[status];
}

/**
 * @param {Course} course
 * @param {{t: Translate, act: Act, width: number}} how
 */
function told({ reports }, { t, act, width }) {
  const last = reports.at(-1);
  if (!last) return [];
  const undefinedText = t("not a number");
  const first = reports[0];
  const vars = { first: exact(first.loss, undefinedText), last: exact(last.loss, undefinedText), updates: last.update };
  const rows = [
    [t("Update"), String(last.update)],
    [t("Loss"), exact(last.loss, undefinedText)],
    [t("Gradient norm"), exact(last.gradient_norm, undefinedText)],
    [t("After clipping"), wasClipped(last) ? exact(last.clipped_norm, undefinedText) : t("not clipped")],
  ];
  const facts = h("dl", { class: "drawer-facts" }, ...rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
  const loss = curves(reports, [{ field: "loss", kind: "loss" }], t("The loss, from {first} to {last} after {updates} updates", vars), width);
  const norms = curves(reports, [{ field: "gradient_norm", kind: "norm" }, { field: "clipped_norm", kind: "clipped" }], t("The norm of the gradient, before and after clipping"), width);
  const open = () => {
    act.chooseChart({ kind: "training" });
    act.openPanel("charts");
  };
  const chart = reports.length > 1 ? [h("button", { type: "button", class: "drawer-action", on: { click: open } }, t("As a chart, with its table"))] : [];
  return [
    facts,
    h("h3", { class: "drawer-heading" }, t("Loss")), loss,
    h("h3", { class: "drawer-heading" }, t("Norm of the gradient; dotted before clipping")), norms,
    ...chart,
  ];
}
