/**
 * Training over the live socket: the server learns, the page's scene follows with the weights as they
 * come, as edits that can be taken back at once.
 */
import { drawn } from "../state/drawn.js";
import { live } from "../net/live.js";
import { begun, heard, isGoing, learned, trainMessage } from "../training/course.js";

/**
 * @typedef {import("../training/course.js").Course} Course
 * @typedef {import("../training/course.js").Settings} Settings
 */

const BETWEEN = 120; // milliseconds between two looks at the weights
const BEAT = 40; // milliseconds from one update to the next, where each is to be seen

/**
 * @param {Pick<import("./index.js").World, "state" | "session" | "scenes">} world
 * @param {(change: (scene: any) => any, tag: string) => void} edit
 */
export function createTraining({ state, session, scenes }, edit) {
  /** @type {import("../net/live.js").Live | null} */
  let socket = null;
  /** @type {any} the scene as this training left it; another one was edited by hand */
  let mine = null;
  let [waiting, again, looked] = [false, false, 0];
  let tag = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} the next update of a training that is watched */
  let beat;
  let [watched, resting, taking] = [false, false, false];

  const course = () => /** @type {Course | null} */ (session.get().training);
  /** @param {Course} next */
  const note = (next) => session.set({ ...session.get(), training: next });
  /** @param {Course["status"]} status @param {string} [detail] */
  const end = (status, detail = "") => {
    clearTimeout(beat);
    socket?.close();
    socket = null;
    const now = course();
    if (now) note({ ...now, status, detail });
  };

  /** @param {any} scene with the weights learned */
  const take = (scene) => {
    taking = true;
    edit((document) => learned(document, scene), tag);
    [mine, taking] = [state.get().scene, false];
  };
  /** Asks for the weights: of a training that goes on now and then, of one that rests each time. */
  const look = () => {
    again = false;
    const rests = resting;
    if (waiting) again = rests;
    if (waiting || (!rests && performance.now() - looked < BETWEEN)) return;
    waiting = true;
    socket?.send({ type: "weights" });
  };
  /** @param {any} message */
  const said = (message) => {
    const now = course();
    if (!now) return;
    if (message.type === "weights") {
      take(message.scene);
      [waiting, looked] = [false, performance.now()];
      if (again) look();
      return undefined;
    }
    const next = heard(now, message);
    note(watched && next.status === "paused" && !resting ? { ...next, status: "running" } : next);
    if (message.type === "trained") {
      take(message.scene);
      return end("ended");
    }
    if (message.type === "progress") {
      look();
      keepBeat();
    }
    return undefined;
  };
  state.subscribe(() => {
    if (socket && !taking && state.get().scene !== mine) end("left");
  });
  const keepBeat = () => {
    clearTimeout(beat);
    if (watched && !resting) beat = setTimeout(() => socket?.send({ type: "update" }), BEAT);
  };

  return {
    /**
     * Starts a training of the scene that is on the page; whatever went on before is given up.
     * @param {Settings} settings
     * @param {boolean} paused
     */
    train(settings, paused) {
      socket?.close();
      clearTimeout(beat);
      [watched, resting] = [settings.pace === "watch", paused];
      const { shown } = drawn(state.get(), session.get(), scenes);
      [mine, waiting, again, looked] = [state.get().scene, false, false, 0];
      tag = `training ${Math.random()}`;
      note(begun());
      const connection = live({
        opened: () => {
          connection.send({ type: "open", scene: shown.scene });
          connection.send(trainMessage(shown.scene, settings, paused || watched));
          if (paused) connection.send({ type: "update" });
        },
        said,
        lost: () => end("lost"),
      });
      socket = connection;
    },
    pauseTraining() {
      resting = true;
      clearTimeout(beat);
      socket?.send({ type: "pause" });
    },
    resumeTraining() {
      resting = false;
      if (watched) return keepBeat();
      return socket?.send({ type: "resume" });
    },
    /** One update of a training that rests. */
    updateOnce: () => socket?.send({ type: "update" }),
    stopTraining: () => (isGoing(course()) ? socket?.send({ type: "stop" }) : undefined),
  };
}
