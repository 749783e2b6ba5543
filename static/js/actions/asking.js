/**
 * The questions a state puts to the server: its scene's trace, the arithmetic of the number that is
 * open. Answers are kept, an answer that comes too late is dropped.
 */
import { drawn } from "../state/drawn.js";
import { originOf, parts } from "../state/model.js";

/**
 * @typedef {import("./index.js").World} World
 */

const KEPT = 24;

/**
 * What went wrong, for the page to say.
 * @param {"link" | "numbers"} about
 * @param {any} error
 * @returns {import("../state/session.js").Trouble}
 */
export function troubleOf(about, { title, message, errors }) {
  return { about, title: title ?? "", detail: message ?? "", errors: errors ?? [] };
}

/**
 * Keeps `session.held` the trace of the current scene, with gradients where the pass needs them. One
 * question is under way at a time: while a weight is dragged each answer is shown, then the newest
 * scene is asked for, and those between are left out. A scene of elsewhere does not wait.
 * @param {World} world
 * @returns {() => void}
 */
export function watchTrace({ state, session, net, scenes }) {
  /** @type {Map<string, {scene: import("../state/scenes.js").Resolved, trace: any}>} */
  const kept = new Map();
  /** @type {{origin: string, stop: AbortController} | null} */
  let running = null;
  let [shown, refused] = ["", ""];

  const wanted = () => {
    const current = state.get();
    const { held } = session.get();
    const origin = originOf(current, scenes.lesson);
    const mine = held?.origin === origin ? held : null;
    const gradients = current.cursor.pass === "backward" || mine?.gradients === true;
    const content = scenes.resolve(current.scene)?.content ?? nameless(current.scene);
    return { reference: current.scene, origin, gradients, key: `${content} ${gradients}` };
  };

  /** @param {ReturnType<typeof wanted>} want @param {AbortSignal} signal */
  const ask = async ({ reference, gradients }, signal) => {
    if (!scenes.resolve(reference)) scenes.learn(reference, await net.describe(reference));
    const scene = /** @type {import("../state/scenes.js").Resolved} */ (scenes.resolve(reference));
    return { scene, trace: await net.trace(scene.scene, gradients, signal) };
  };

  /** @param {ReturnType<typeof wanted>} want @param {{scene: any, trace: any}} answer */
  const show = ({ origin, gradients, key }, answer) => {
    [shown, refused] = [key, ""];
    keep(kept, key, answer);
    const { problem, ...rest } = session.get();
    session.set({ ...rest, held: { origin, gradients, ...answer }, problem: problem?.about === "numbers" ? null : problem });
  };

  /** @param {ReturnType<typeof wanted>} want */
  const run = async (want) => {
    const stop = new AbortController();
    running = { origin: want.origin, stop };
    try {
      const answer = kept.get(want.key) ?? (await ask(want, stop.signal));
      if (!stop.signal.aborted) show(want, answer);
    } catch (error) {
      if (stop.signal.aborted) return;
      refused = want.key;
      if (wanted().reference === want.reference) session.set({ ...session.get(), problem: troubleOf("numbers", error) });
    }
    if (running?.stop === stop) running = null;
    react();
  };

  const react = () => {
    const want = wanted();
    if (running && running.origin !== want.origin) {
      running.stop.abort();
      running = null;
    }
    if (want.key === shown) return settle(want.origin);
    if (running || want.key === refused) return undefined;
    return void run(want);
  };

  /** An edit that was refused, taken back: what is shown is right again. @param {string} origin */
  const settle = (origin) => {
    const { problem, held } = session.get();
    refused = "";
    if (held?.origin === origin && problem?.about === "numbers") session.set({ ...session.get(), problem: null });
  };

  react();
  return state.subscribe(react);
}

/** @type {WeakMap<object, string>} */
const names = new WeakMap();
let count = 0;

/**
 * A name for a scene that only the server can resolve.
 * @param {import("../state/scenes.js").Reference} reference
 */
function nameless(reference) {
  if (typeof reference === "string") return reference;
  const known = names.get(reference) ?? `?${(count += 1)}`;
  names.set(reference, known);
  return known;
}

/**
 * @template T
 * @param {Map<string, T>} map the oldest leaves first
 * @param {string} key
 * @param {T} value
 */
function keep(map, key, value) {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT) map.delete(/** @type {string} */ (map.keys().next().value));
}

/**
 * What the open number's explanation is asked with, or null where none is open. An encoder's numbers are
 * those of the step at which it is looked at.
 * @param {import("../state/model.js").State} state
 * @param {import("../model/trace.js").Trace | null} [trace]
 */
function openNumber({ cursor, view }, trace) {
  const { node, pass } = cursor;
  if (node === null || parts(node).unit === null) return null;
  const t = node.startsWith("encoder.") ? (view.source ?? (trace?.encoder?.steps ?? 1) - 1) : cursor.t;
  return t === null ? null : { address: node, t, pass };
}

/**
 * Keeps `session.explanation` the arithmetic of the open number, of the scene that is drawn. While an
 * edit changes the number, the arithmetic before stays until the new one is there.
 * @param {World} world
 * @returns {() => void}
 */
export function watchExplanation({ state, session, net, scenes }) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  let [wanted, place] = ["", ""];
  let running = new AbortController();
  /** @param {import("../state/session.js").Explanation | null} explanation */
  const show = (explanation) => session.set({ ...session.get(), explanation });
  /** @param {string} key @param {any} request @param {boolean} again */
  const ask = async (key, request, again) => {
    running.abort();
    running = new AbortController();
    if (!again) show({ key, status: "loading", document: null, problem: "" });
    try {
      const document = await net.explain(request, running.signal);
      keep(kept, key, document);
      if (key === wanted) show({ key, status: "ready", document, problem: "" });
    } catch (error) {
      const problem = /** @type {any} */ (error).message ?? "";
      if (key === wanted) show({ key, status: "failed", document: null, problem });
    }
  };
  const react = () => {
    const { shown, origin, trace } = drawn(state.get(), session.get(), scenes);
    const open = openNumber(state.get(), trace);
    const here = open ? `${origin} ${open.pass} ${open.t} ${open.address}` : "";
    const key = open ? `${shown.content} ${here}` : "";
    if (key === wanted) return;
    const again = here === place && session.get().explanation?.status === "ready";
    [wanted, place] = [key, here];
    if (!open) show(null);
    else if (kept.has(key)) show({ key, status: "ready", document: kept.get(key), problem: "" });
    else ask(key, { scene: shown.scene, ...open }, again);
  };
  react();
  const offs = [state.subscribe(react), session.subscribe(react)];
  return () => offs.forEach((off) => off());
}
