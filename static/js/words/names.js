/**
 * What values are called, and several numbers in a few words.
 */
import { rounded } from "../model/number.js";
import { placed, places } from "../model/trace.js";

/**
 * @typedef {import("./translate.js").Translate} Translate
 * @typedef {import("../model/trace.js").Wire} Wire
 * @typedef {import("../model/trace.js").Cell} Cell
 */

/** So many numbers are said one by one. */
export const ALL = 8;

/**
 * Numbers in a row; of a wide vector how many there are and between which two they lie.
 * @param {Wire[] | undefined | null} values
 * @param {Translate} t
 * @param {(value: unknown, words: string) => string} [format]
 */
export function list(values, t, format = rounded) {
  const undefinedText = t("not a number");
  const all = values ?? [];
  if (all.length <= ALL) return all.map((value) => format(value, undefinedText)).join(t(", "));
  const finite = /** @type {number[]} */ (all.filter((value) => typeof value === "number"));
  if (finite.length < all.length) return t("{count} numbers, {strange} of them not finite", { count: all.length, strange: all.length - finite.length });
  const [least, most] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
  return t("{count} numbers from {least} to {most}", { count: all.length, least: format(least, undefinedText), most: format(most, undefinedText) });
}

/**
 * The name people give a value: a gate by what it does, anything else by its symbol.
 * @param {string} name
 * @param {string} role
 * @param {Translate} t
 */
export function nameOf(name, role, t) {
  /** @type {Record<string, string>} */
  const known = {
    "f:forget": t("the forget gate"),
    "i:input": t("the input gate"),
    "o:output": t("the output gate"),
    "r:forget": t("the reset gate"),
    "u:input": t("the update gate"),
    "g:candidate": t("the candidate"),
    "n:candidate": t("the candidate"),
    "c:memory": t("the memory"),
    "m:memory": t("the memory to be shown"),
  };
  if (name === "h") return t("the hidden value");
  if (name === "x") return t("the input");
  if (name === "y") return t("the output");
  if (name === "alpha") return t("the attention");
  if (name === "context") return t("the context");
  return known[`${name}:${role}`] ?? name;
}

/**
 * @param {Cell | null | undefined} cell
 * @param {string} name
 */
export function roleOf(cell, name) {
  return cell?.equations.find((equation) => equation.name === name)?.role ?? "hidden";
}

/**
 * A value of a cell by name; a pre-activation is the sum that enters its value.
 * @param {Cell | null | undefined} cell
 * @param {string} name
 * @param {Translate} t
 */
export function valueName(cell, name, t) {
  const made = name.startsWith("z_") ? name.slice(2) : name === "z" ? "y" : "";
  const enters = cell?.equations.some((equation) => equation.name === made);
  if (enters) return t("the sum that enters {name}", { name: nameOf(made, roleOf(cell, made), t) });
  return nameOf(name, roleOf(cell, name), t);
}

/**
 * What a gate or a candidate is there for, nothing for other values.
 * @param {string} name
 * @param {string} role
 * @param {Translate} t
 */
export function purposeOf(name, role, t) {
  /** @type {Record<string, string>} */
  const known = {
    "f:forget": t("It decides how much of the old memory stays: 1 keeps it, 0 forgets it."),
    "i:input": t("It decides how much of the candidate is written into the memory."),
    "o:output": t("It decides how much of the memory is shown."),
    "r:forget": t("It decides how much of the past the candidate gets to see."),
    "u:input": t("It divides between the old value and the new: the more of the one, the less of the other."),
    "g:candidate": t("It is what could be written into the memory."),
    "n:candidate": t("It is what could take the place of the old value."),
  };
  return known[`${name}:${role}`] ?? "";
}

/**
 * Where in a network of several places: its stack and layer where there are several, its direction
 * where it reads backward too.
 * @param {import("../model/trace.js").Trace} trace
 * @param {string} place
 * @param {Translate} t
 * @returns {string} nothing where there is only one place
 */
export function whereOf(trace, place, t) {
  const spot = placed(trace, place);
  if (!spot) return "";
  const { stack, depth, direction } = spot;
  const mates = places(trace).filter((each) => each.stack === stack);
  const parts = [
    stack === "" ? "" : stack === "encoder" ? t("encoder") : t("decoder"),
    mates.some((each) => each.depth > 0) ? t("layer {layer}", { layer: depth + 1 }) : "",
    mates.some((each) => each.depth === depth && each.direction !== direction) ? (direction === "backward" ? t("reading backward") : t("reading forward")) : "",
  ];
  return parts.filter(Boolean).join(t(", "));
}
