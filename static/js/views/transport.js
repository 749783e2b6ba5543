/**
 * The controls at the bottom of the page: first, back, play, next, last, the scrubber, the pass.
 */
import { h, icon, keyed } from "../dom.js";
import { translator } from "../words/translate.js";
import { pace } from "./pace.js";

/**
 * @typedef {{lang: string, cursor: import("../state/model.js").Cursor, steps: number, playing: boolean,
 *            reached: number, count: number, stage: import("../model/stages.js").Reached,
 *            controls: "full" | "step" | "none"} & import("./pace.js").Pace} Slice
 *   `reached`: how many stages are done of `count` a step
 * @typedef {Pick<import("../actions/index.js").Actions, "first" | "back" | "togglePlay" | "next" | "last" |
 *            "toPosition" | "choosePass"> & import("./pace.js").Act} Act
 */

/**
 * @param {string} name
 * @param {string} label
 * @param {() => void} press
 * @param {string} [extra]
 */
function button(name, label, press, extra = "") {
  return h(
    "button",
    { type: "button", class: `control ${extra}`, "aria-label": label, title: label, "data-control": name,
      on: { click: press } },
    icon(name),
  );
}

/**
 * @param {Slice} slice
 * @param {Act} act
 */
function buttons({ lang, controls }, act) {
  const t = translator(lang);
  const all = {
    first: button("first", t("Before the first step"), () => act.first()),
    back: button("back", t("Step back"), () => act.back()),
    play: button("play", t("Play"), () => act.togglePlay(), "primary"),
    next: button("next", t("Next step"), () => act.next()),
    last: button("last", t("Last step"), () => act.last()),
  };
  const shown = controls === "step" ? [all.back, all.next] : Object.values(all);
  return { all, group: h("div", { class: "controls", role: "group", "aria-label": t("Steps") }, ...shown) };
}

/**
 * @param {string} lang
 * @param {Act} act
 */
function passes(lang, act) {
  const t = translator(lang);
  /** @param {"forward" | "backward"} pass @param {string} text */
  const toggle = (pass, text) =>
    h("button", { type: "button", class: "pass", "data-pass": pass, on: { click: () => act.choosePass(pass) } }, icon(pass), h("span", null, text));
  const forward = toggle("forward", t("Forward"));
  const backward = toggle("backward", t("Backward"));
  return {
    group: h("div", { class: "passes", role: "group", "aria-label": t("Direction of the pass") }, forward, backward),
    update(/** @type {string} */ pass) {
      forward.setAttribute("aria-pressed", String(pass === "forward"));
      backward.setAttribute("aria-pressed", String(pass === "backward"));
    },
  };
}

/**
 * @param {HTMLElement} container
 * @param {Slice} slice
 * @param {Act} act
 */
function build(container, slice, act) {
  const t = translator(slice.lang);
  const { all, group } = buttons(slice, act);
  const pass = passes(slice.lang, act);
  const how = pace(slice.lang, act);
  const scrubber = h("input", { type: "range", class: "scrubber", min: 0, max: slice.steps, step: 1, "aria-label": t("Step") });
  scrubber.addEventListener("input", () => act.toPosition(Number(scrubber.value)));
  const counter = h("output", { class: "counter", "aria-hidden": "true" });
  const full = slice.controls === "full";
  const rest = full ? [h("div", { class: "scrub" }, scrubber, counter), pass.group, how.group] : [counter];
  container.replaceChildren(h("div", { class: full ? "deck" : "deck short" }, group, ...rest));
  container.hidden = slice.controls === "none";
  return {
    /** @param {Slice} next */
    update({ cursor, steps, playing, reached, count, stage, ...now }) {
      scrubber.max = String(steps * count);
      scrubber.value = String(reached);
      scrubber.style.setProperty("--share", String(reached / (steps * count)));
      scrubber.setAttribute("aria-valuetext", spoken({ cursor, steps, stage }, t));
      counter.textContent = counted({ cursor, steps, stage });
      const finished = reached === steps * count && stage.part === null;
      for (const name of /** @type {const} */ (["first", "back"])) dim(all[name], reached === 0);
      for (const name of /** @type {const} */ (["next", "last"])) dim(all[name], finished);
      how.update(now);
      const label = playing ? t("Pause") : t("Play");
      if (all.play.title !== label) {
        all.play.replaceChildren(icon(playing ? "pause" : "play"));
        all.play.title = label;
        all.play.setAttribute("aria-label", label);
      }
      pass.update(cursor.pass);
    },
  };
}

/**
 * @param {Pick<Slice, "cursor" | "steps" | "stage">} slice
 * @param {import("../words/translate.js").Translate} t
 */
function spoken({ cursor, steps, stage }, t) {
  if (cursor.t === null) return t("Before the first step");
  const vars = { t: cursor.t + 1, steps, n: stage.index + 1, count: stage.count };
  return stage.count > 0 ? t("Step {t} of {steps}, value {n} of {count}", vars) : t("Step {t} of {steps}", vars);
}

/**
 * The step, and after a point the value of it: 3.2 / 5.
 * @param {Pick<Slice, "cursor" | "steps" | "stage">} slice
 */
function counted({ cursor, steps, stage }) {
  if (cursor.t === null) return `– / ${steps}`;
  return `${cursor.t + 1}${stage.reached === null ? "" : `.${stage.index + 1}`} / ${steps}`;
}

/**
 * A control with nowhere to go stays focusable, so that the keyboard does not lose its place.
 * @param {HTMLElement} control
 * @param {boolean} idle
 */
function dim(control, idle) {
  control.setAttribute("aria-disabled", String(idle));
}

/**
 * @param {HTMLElement} container
 * @param {import("../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function transport(container, source, act) {
  return keyed(
    source,
    ({ lang, steps, controls }) => `${lang} ${steps} ${controls}`,
    (slice) => build(container, slice, act),
  );
}
