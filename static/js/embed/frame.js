/**
 * Answers the page that embeds this one, and nobody else.
 */
import { message, readMessage } from "./messages.js";

const CODES = { link: "bad_scene", address: "bad_state", numbers: "failed", panel: "failed" };

/**
 * @typedef {{state: import("../state/store.js").Source<any>,
 *            session: import("../state/store.js").Source<import("../state/session.js").Session>,
 *            act: Pick<import("../actions/index.js").Actions, "restore" | "next" | "back" | "play" | "pause" | "reset">}} Player
 */

/**
 * @param {Player} player
 * @param {(message: any) => void} tell the host
 */
export function answerHost({ state, session, act }, tell) {
  const host = window.parent;
  /** @param {string} type @param {Record<string, any>} [more] */
  const say = (type, more) => tell(message(type, more));
  const sayState = () => say("state", { state: state.get() });
  /** @param {string} detail */
  const refuse = (detail) => say("error", { code: "bad_message", detail });
  /** @type {Record<string, (state: any) => void>} */
  const commands = {
    setState: (given) => act.restore(given),
    getState: sayState,
    step: act.next,
    back: act.back,
    play: act.play,
    pause: act.pause,
    reset: act.reset,
  };
  window.addEventListener("message", (event) => {
    if (event.source !== host || host === window) return;
    const asked = readMessage(event.data);
    if (asked === null) return;
    if (asked.error) refuse(asked.error);
    else commands[asked.type](asked.state);
  });
  /** @type {import("../state/session.js").Trouble | null} */
  let told = null;
  const sayProblem = () => {
    const { problem } = session.get();
    if (problem === told) return;
    told = problem;
    if (problem) say("error", { code: CODES[problem.about], detail: problem.detail || problem.title });
  };
  state.subscribe(sayState);
  session.subscribe(sayProblem);
  say("ready", { state: state.get() });
  sayProblem();
}
