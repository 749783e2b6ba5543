/**
 * The course of a training as data: what it is set up with, what was reported, how it stands. Pure:
 * a course and what happened give the next course.
 */

/**
 * @typedef {number | "Infinity" | "-Infinity" | "NaN"} Wire
 * @typedef {{update: number, loss: Wire | null, gradient_norm: Wire | null, clipped_norm: Wire | null}} Report
 * @typedef {{optimiser: string, rate: number, clip: "none" | "norm" | "value", bound: number, updates: number,
 *            pace: "watch" | "fast"}} Settings `watch`: each update is seen; `fast`: as fast as the server goes
 * @typedef {"connecting" | "running" | "paused" | "ended" | "lost" | "refused" | "left"} Status
 *   `left`: the scene was changed by hand while it went on
 * @typedef {{status: Status, reports: Report[], stopped: string | null, detail: string}} Course
 */

/** @type {Settings} */
export const USUAL = { optimiser: "sgd", rate: 0.1, clip: "none", bound: 1, updates: 200, pace: "watch" };
export const OPTIMISERS = ["sgd", "momentum", "rmsprop", "adam"];

const MOST = 600;

/** @returns {Course} */
export function begun() {
  return { status: "connecting", reports: [], stopped: null, detail: "" };
}

/**
 * The message that starts a training on a scene's own sequence.
 * @param {any} scene with inputs and targets
 * @param {Settings} settings
 * @param {boolean} paused whether it rests before the first update
 */
export function trainMessage(scene, { optimiser, rate, clip, bound, updates }, paused) {
  const examples = [{ inputs: scene.inputs, targets: scene.targets }];
  return { type: "train", examples, optimiser, rate, updates, clip: clip === "none" ? null : { [clip]: bound }, paused };
}

/**
 * A document with the weights of another; what the other leaves open (null) is left out.
 * @param {any} document
 * @param {any} trained
 */
export function learned(document, trained) {
  return { ...document, network: plain(trained.network) };
}

/** @param {any} value @returns {any} */
function plain(value) {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(plain) : value;
  if (typeof value !== "object" || value === null) return value;
  const held = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(held.map(([key, each]) => [key, plain(each)]));
}

/**
 * What keeps a scene from being trained here, or null.
 * @param {any} scene
 * @returns {"targets" | "form" | null} `form`: it has no rows to learn from
 */
export function obstacle({ loss, targets, inputs }) {
  if (!inputs) return "form";
  return loss && targets ? null : "targets";
}

/**
 * @param {Course} course
 * @param {any} message of the server
 * @returns {Course}
 */
export function heard(course, message) {
  switch (message.type) {
    case "progress": {
      const { update, loss, gradient_norm, clipped_norm, state } = message;
      const known = course.reports.at(-1)?.update ?? 0;
      const report = { update, loss, gradient_norm, clipped_norm };
      const reports = update > known ? thinned([...course.reports, report]) : course.reports;
      return { ...course, status: state, reports };
    }
    case "trained":
      return { ...course, status: "ended", stopped: message.stopped };
    case "error":
      return { ...course, status: course.reports.length > 0 ? course.status : "refused", detail: message.detail };
    default:
      return course;
  }
}

/**
 * Half of the reports, when there are more than a curve can show; the first and the last are kept.
 * @param {Report[]} reports
 */
function thinned(reports) {
  return reports.length <= MOST ? reports : reports.filter((_, index) => index % 2 === 0 || index === reports.length - 1);
}

/** @param {Course | null} course */
export function isGoing(course) {
  return course !== null && ["connecting", "running", "paused"].includes(course.status);
}

/**
 * Whether the last update's gradient was clipped.
 * @param {Report | undefined} report
 */
export function wasClipped(report) {
  return typeof report?.gradient_norm === "number" && typeof report.clipped_norm === "number" && report.clipped_norm < report.gradient_norm * (1 - 1e-12);
}
