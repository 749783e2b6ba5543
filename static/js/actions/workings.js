/**
 * The arithmetic that stands beside the equations of a step: asked for once the reader rests on the
 * step, so that it never delays one, and kept.
 */
import { workedAt, workingKey } from "../model/workings.js";
import { sceneOf } from "../state/model.js";

const REST = 60;

/**
 * Keeps `session.workings` the lines of arithmetic of the step that is shown.
 * @param {Pick<import("./index.js").World, "session" | "net" | "lesson">} world
 * @param {import("../state/store.js").Source<any>} source the equations' part of the state
 * @returns {() => void}
 */
export function watchWorkings({ session, net, lesson }, source) {
  /** @type {Map<string, any>} */
  const kept = new Map();
  let wanted = "";
  let running = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {string[]} keys */
  const show = (keys) => {
    const found = keys.filter((key) => kept.has(key)).map((key) => [key, kept.get(key)]);
    session.set({ ...session.get(), workings: Object.fromEntries(found) });
  };
  /** @param {string[]} keys @param {{key: string, request: any}[]} missing */
  const ask = async (keys, missing) => {
    const { signal } = (running = new AbortController());
    const answers = missing.map(async ({ key, request }) => kept.set(key, (await net.explain(request, signal)).text));
    await Promise.allSettled(answers); // a line that does not come is left out: the number opens it all the same
    if (keys.join() === wanted) show(keys);
  };
  const react = () => {
    const step = source.get();
    const { key: scene, cursor, trace } = step;
    const addresses = trace ? workedAt(step) : [];
    const keys = addresses.map((address) => workingKey(scene, cursor.t, address));
    if (keys.join() === wanted) return;
    wanted = keys.join();
    clearTimeout(timer);
    running.abort();
    const missing = addresses
      .map((address, index) => ({ key: keys[index], address }))
      .filter(({ key }) => !kept.has(key))
      .map(({ key, address }) => ({ key, request: { scene: sceneOf(lesson, scene).scene, address, t: cursor.t, pass: "forward" } }));
    if (missing.length < keys.length || keys.length === 0) show(keys);
    if (missing.length > 0) timer = setTimeout(ask, REST, keys, missing);
  };
  react();
  return source.subscribe(react);
}
