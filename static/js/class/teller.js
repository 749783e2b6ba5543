/**
 * Tells the class what the presenter does: changes only, at most ten a second, two where the scene
 * itself changes, and always the last.
 */
import { given, patchOf } from "./shared.js";

const PAUSE = 100; // ms
const SCENE_PAUSE = 500;

/** @typedef {import("./room.js").Shared} Shared */

/**
 * @param {{send: (patch: Record<string, any>) => void, now: () => number,
 *          later: (work: () => void, ms: number) => void}} world
 */
export function createTeller({ send, now, later }) {
  /** @type {Shared | null} what the class has; null while it is not reached */
  let known = null;
  /** @type {Shared | null} */
  let mine = null;
  let [told, sceneTold, waiting] = [-Infinity, -Infinity, false];

  const flush = () => {
    const patch = known && mine && patchOf(known, mine);
    if (!patch || waiting) return;
    const edited = typeof patch.scene === "object";
    const due = edited ? Math.max(told + PAUSE, sceneTold + SCENE_PAUSE) : told + PAUSE;
    const wait = due - now();
    if (wait > 0) {
      waiting = true;
      later(() => ((waiting = false), flush()), wait);
      return;
    }
    told = now();
    if (edited) sceneTold = told;
    known = mine;
    send(patch);
  };

  return {
    /** @param {Shared} state */
    tell(state) {
      mine = state;
      flush();
    },
    /** The class has this now, or is not reached. @param {Shared | null} state */
    has(state) {
      known = state && given(state);
      flush();
    },
    /** The class did not take what it was told last, and has this: the next change brings all. @param {Shared} state */
    missed(state) {
      known = given(state);
    },
  };
}
