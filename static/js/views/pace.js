/**
 * How the walk goes: by whole steps, by equations or by single operations; how fast it plays; whether it
 * begins again at its end.
 */
import { h, icon } from "../dom.js";
import { LEVELS, SPEEDS } from "../state/model.js";
import { translator } from "../words/translate.js";

/**
 * @typedef {{level: string, speed: number, loop: boolean}} Pace
 * @typedef {Pick<import("../actions/index.js").Actions, "setLevel" | "setSpeed" | "setLoop">} Act
 */

/**
 * @param {string} lang
 * @param {Act} act
 */
function levels(lang, act) {
  const t = translator(lang);
  /** @type {Record<string, string>} */
  const names = { step: t("Timestep"), equation: t("Equation"), operation: t("Operation") };
  const buttons = LEVELS.map((level) =>
    h("button", { type: "button", class: "level", "data-level": level, on: { click: () => act.setLevel(level) } }, names[level]),
  );
  const label = h("span", { class: "pace-label", "aria-hidden": "true" }, t("Step by"));
  return { buttons, group: h("div", { class: "levels", role: "group", "aria-label": t("Step by") }, label, ...buttons) };
}

/**
 * @param {string} lang
 * @param {Act} act
 */
function playing(lang, act) {
  const t = translator(lang);
  const speed = h(
    "select",
    { class: "speed", "aria-label": t("Speed of play"), on: { change: () => act.setSpeed(Number(speed.value)) } },
    ...SPEEDS.map((each) => h("option", { value: each }, t("{speed}×", { speed: each }))),
  );
  const loop = h("button", { type: "button", class: "control loop", "aria-label": t("Begin again at the end"), title: t("Begin again at the end") }, icon("loop"));
  loop.addEventListener("click", () => act.setLoop(loop.getAttribute("aria-pressed") !== "true"));
  return { speed, loop };
}

/**
 * In narrow rooms it opens from a button of its own.
 * @param {string} lang
 * @param {Act} act
 * @returns {{group: HTMLElement, update: (pace: Pace) => void}}
 */
export function pace(lang, act) {
  const t = translator(lang);
  const level = levels(lang, act);
  const { speed, loop } = playing(lang, act);
  const panel = h("div", { class: "pace-panel", id: "pace-panel" }, level.group, h("div", { class: "playing" }, speed, loop));
  const shown = h("span", { class: "pace-now" });
  const opener = h("button", { type: "button", class: "pace-opener", "aria-expanded": "false", "aria-controls": "pace-panel", "aria-label": t("How to step") }, icon("pace"), shown);
  const group = h("div", { class: "pace" }, opener, panel);
  const open = (/** @type {boolean} */ on) => {
    group.classList.toggle("open", on);
    opener.setAttribute("aria-expanded", String(on));
  };
  opener.addEventListener("click", () => open(!group.classList.contains("open")));
  group.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !group.classList.contains("open")) return;
    event.preventDefault();
    open(false);
    opener.focus();
  });
  return {
    group,
    update(now) {
      for (const button of level.buttons) button.setAttribute("aria-pressed", String(button.dataset.level === now.level));
      speed.value = String(now.speed);
      loop.setAttribute("aria-pressed", String(now.loop));
      shown.textContent = level.buttons.find((button) => button.dataset.level === now.level)?.textContent ?? "";
    },
  };
}
