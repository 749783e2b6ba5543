/**
 * The choices that a kind of chart offers.
 */
import { entriesOf, entryName, parametersOf, statesOf } from "../../charts/choices.js";
import { h } from "../../dom.js";
import { at, placed, places } from "../../model/trace.js";

/**
 * @typedef {import("./panel.js").Slice} Slice
 * @typedef {import("../../charts/kinds.js").Chart} Chart
 * @typedef {{t: import("../../words/translate.js").Translate, choose: (change: Record<string, any>) => void}} How
 */

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
function field(label, control) {
  return h("label", { class: "drawer-field" }, h("span", null, label), control);
}

/**
 * @param {string} name by which the control is found again after it was built anew
 * @param {string[][]} options value and text
 * @param {string} value
 * @param {(value: string) => void} choose
 */
export function select(name, options, value, choose) {
  const element = h(
    "select",
    { "data-field": name, on: { change: () => choose(element.value) } },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return element;
}

/**
 * A number that is taken when it is settled.
 * @param {string} name
 * @param {{value: number, min: number, max?: number, step?: number | string, take: (value: number) => void}} how
 */
export function number(name, { value, min, max, step = 1, take }) {
  const element = h("input", { type: "number", "data-field": name, min, max, step, value });
  element.addEventListener("change", () => {
    const next = element.valueAsNumber;
    if (Number.isFinite(next) && next >= min && (max === undefined || next <= max)) take(next);
    else element.value = String(value);
  });
  return element;
}

/**
 * @param {Slice} slice
 * @param {Chart} chart
 * @param {How} how
 * @returns {HTMLElement[]}
 */
export function options(slice, chart, how) {
  if (!slice.trace) return [];
  /** @type {Record<string, (slice: Slice, chart: Chart, how: How) => HTMLElement[]>} */
  const by = { gates: ofGates, jacobians: ofJacobians, bptt: ofBptt, surface: ofSurface, sampling: ofSampling };
  return by[chart.kind]?.(slice, chart, how) ?? [];
}

/** @param {Slice} slice @param {Chart} chart @param {How} how */
function ofGates({ trace, place, cells }, chart, { t, choose }) {
  const known = places(/** @type {any} */ (trace)).map((each) => each.place);
  const home = known.includes(chart.place) ? chart.place : place;
  const cell = cells[placed(/** @type {any} */ (trace), home)?.layer ?? 0];
  const values = /** @type {any} */ (at(/** @type {any} */ (trace), home))?.values ?? {};
  const units = values[cell?.output ?? "h"]?.[0]?.length ?? 1;
  const found = [];
  if (known.length > 1) found.push(field(t("Layer"), select("place", known.map((each) => [each, each]), home, (next) => choose({ place: next, unit: undefined }))));
  if (units > 1) found.push(field(t("Unit, of {units}", { units }), number("unit", { value: (chart.unit ?? 0) + 1, min: 1, max: units, take: (next) => choose({ unit: next - 1 }) })));
  return found;
}

/** @param {Slice} slice @param {Chart} chart @param {How} how */
function ofJacobians({ trace, cells }, chart, { t, choose }) {
  const known = statesOf(/** @type {any} */ (trace), cells);
  return [field(t("State"), select("of", known.map((each) => [each, each]), chart.of, (of) => choose({ of })))];
}

/** @param {Slice} slice @param {Chart} chart @param {How} how */
function ofBptt({ trace }, chart, { t, choose }) {
  const known = parametersOf(/** @type {any} */ (trace)).map(({ address }) => [address, address]);
  return [field(t("Parameter"), select("parameter", known, chart.parameter, (parameter) => choose({ parameter })))];
}

/** @param {Slice} slice @param {Chart} chart @param {How} how */
function ofSurface({ trace }, chart, { t, choose }) {
  const known = entriesOf(/** @type {any} */ (trace));
  const names = known.map((each, index) => [String(index), entryName(each)]);
  const axes = chart.axes ?? [];
  const axis = (/** @type {number} */ place) => {
    const mine = known.findIndex((each) => axes[place] && entryName(each) === entryName(axes[place]));
    const take = (/** @type {string} */ index) => {
      const picked = axes.map((/** @type {any} */ each) => ({ parameter: each.parameter, entry: each.entry }));
      picked[place] = { parameter: known[Number(index)].parameter, entry: known[Number(index)].entry };
      choose({ picked });
    };
    return select(`axis-${place}`, names, String(mine), take);
  };
  const flat = h("input", { type: "checkbox", "data-field": "flat", checked: chart.flat === true, on: { change: () => choose({ flat: flat.checked }) } });
  const clip = h("input", { type: "checkbox", "data-field": "clip", checked: Boolean(chart.clip), on: { change: () => choose({ clip: clip.checked ? 1 : undefined }) } });
  return [
    field(t("First weight"), axis(0)),
    field(t("Second weight"), axis(1)),
    field(t("Learning rate"), number("rate", { value: chart.rate ?? 0.1, min: 1e-6, step: "any", take: (rate) => choose({ rate }) })),
    h("label", { class: "drawer-tick" }, clip, h("span", null, t("And a descent clipped to norm 1"))),
    h("label", { class: "drawer-tick" }, flat, h("span", null, t("As a map"))),
  ];
}

/** @param {Slice} _slice @param {Chart} chart @param {How} how */
function ofSampling(_slice, chart, { t, choose }) {
  return [
    field(t("Tokens"), number("steps", { value: chart.steps ?? 12, min: 1, max: 200, take: (steps) => choose({ steps }) })),
    field(t("Temperature"), number("temperature", { value: chart.temperature ?? 1, min: 0, step: "any", take: (temperature) => choose({ temperature }) })),
    field(t("Seed"), number("seed", { value: chart.seed ?? 0, min: 0, take: (seed) => choose({ seed }) })),
  ];
}
