/**
 * Answers the page that embeds this one, and nobody else.
 */
import { message, readMessage } from "./messages.js";

/**
 * @param {{state: import("../state/store.js").Source<any>,
 *          act: Pick<import("../actions/index.js").Actions, "restore" | "next" | "back" | "play" | "pause" | "reset">}} page
 */
export function answerHost({ state, act }) {
  const host = window.parent;
  /** @param {string} type @param {Record<string, any>} [more] */
  const say = (type, more) => host.postMessage(message(type, more), "*");
  const sayState = () => say("state", { state: state.get() });
  /** @type {Record<string, (state: any) => void>} */
  const commands = {
    setState: (given) => act.restore(given),
    getState: sayState,
    step: act.next,
    back: act.back,
    play: act.play,
    pause: act.pause,
    reset: act.reset,
    unknown: () => say("error", { code: "bad_message", detail: "unknown type" }),
  };
  window.addEventListener("message", (event) => {
    if (event.source !== host || host === window) return;
    const asked = readMessage(event.data);
    if (asked) commands[asked.type](asked.state);
  });
  state.subscribe(sayState);
  let height = 0;
  new ResizeObserver(() => {
    const next = Math.ceil(document.body.getBoundingClientRect().height);
    if (next === height) return;
    height = next;
    say("resize", { height });
  }).observe(document.body);
  say("ready", { state: state.get() });
}
