/**
 * The page of who follows: takes the lecturer's state, and notices when the reader goes elsewhere.
 */
import { equal } from "../edit/document.js";
import { given, part, shared } from "./shared.js";

/**
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("../net/client.js").Net} Net
 * @typedef {{state: import("../state/store.js").Source<import("../state/model.js").State>,
 *            act: Pick<import("../actions/index.js").Actions, "restore" | "pause">}} Player
 */

/**
 * Has the page show what the class is shown. A stored scene becomes its document, so that an edit of
 * it stays an edit of its lesson.
 * @param {Player} player
 * @param {Net} net
 */
export function taker({ state, act }, net) {
  /** @type {Map<string, Promise<any>>} */
  const stored = new Map();
  /** @param {any} scene */
  const opened = async (scene) => {
    if (typeof scene !== "string" || !scene.startsWith("s_")) return scene;
    const asked = stored.get(scene) ?? net.scene(scene);
    stored.set(scene, asked);
    if (stored.size > 8) stored.delete(/** @type {string} */ (stored.keys().next().value));
    return asked.then((found) => found.scene, () => (stored.delete(scene), scene));
  };
  return async (/** @type {import("./room.js").Shared} */ found) => {
    const scene = await opened(found.scene);
    act.pause();
    const now = state.get();
    const { lang, theme, notation } = now.view;
    const view = { ...part(now.view, true), lang, theme, notation };
    await act.restore(given({ ...found, scene }), { ...now, view });
  };
}

/**
 * @param {Player} player
 * @param {import("../state/store.js").Source<Room>} room
 * @param {{take: (shared: import("./room.js").Shared) => Promise<void>, touched: () => void, lesson: any}} how
 */
export function follow({ state }, room, { take, touched, lesson }) {
  let [taking, turn] = [false, 0];

  /** One at a time, and of those that come meanwhile the last. */
  const catchUp = async () => {
    if (taking) return;
    taking = true;
    for (let now = room.get(); now.turn !== turn; now = room.get()) {
      turn = now.turn;
      if (now.shared && now.following && !now.presents) await take(now.shared).catch(() => {});
    }
    taking = false;
  };

  let last = shared(state.get(), lesson);
  state.subscribe((next) => {
    const mine = shared(next, lesson);
    const changed = !equal(mine, last);
    last = mine;
    if (changed && !taking) touched();
  });
  room.subscribe(() => void catchUp());
}
