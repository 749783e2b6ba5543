/**
 * States that come from outside, a link or a message: brought into bounds, their scene asked of the
 * server where only it can tell what it means.
 */
import { placeOf, within } from "../state/model.js";
import { isKnown, register } from "../words/translate.js";
import { troubleOf } from "./asking.js";

/** @typedef {import("./index.js").World} World */

/**
 * The place a change of selection leaves the reader at.
 * @param {import("../state/model.js").View} view
 * @param {string | null} node
 */
export function viewFor(view, node) {
  if (node === null || node.startsWith("readout")) return view;
  return { ...view, place: placeOf(node) };
}

/**
 * @param {import("../net/client.js").Net} net
 * @param {string} lang
 */
export async function knowLanguage(net, lang) {
  if (!isKnown(lang)) register(lang, await net.catalogue(lang));
}

/**
 * What the server makes of a scene: a stored one is fetched, any is described.
 * @param {import("../net/client.js").Net} net
 * @param {import("../state/scenes.js").Reference} reference
 */
export async function described(net, reference) {
  const stored = typeof reference === "string" && reference.startsWith("s_");
  const scene = stored ? (await net.scene(reference)).scene : reference;
  return net.describe(scene);
}

/**
 * Takes a state, or a part of one, one after another in the order they came. A scene that cannot be
 * had is said on the page, and the state keeps the one it has.
 * @param {World} world
 * @returns {(given: any, base?: import("../state/model.js").State) => Promise<void>}
 */
export function createRestore({ state, session, scenes, net }) {
  /** @param {any} given */
  const understand = async (given) => {
    const reference = scenes.canonical(given?.scene);
    if (reference === null || (typeof reference === "string" && scenes.resolve(reference))) return given;
    try {
      return { ...given, scene: scenes.learn(reference, await described(net, reference)) };
    } catch (error) {
      session.set({ ...session.get(), problem: troubleOf("link", error) });
      return { ...given, scene: undefined, cursor: undefined };
    }
  };
  /** @param {any} given @param {import("../state/model.js").State} [base] */
  const take = async (given, base) => {
    const understood = await understand(given);
    const from = base ?? state.get();
    const next = within(understood, from, scenes);
    await knowLanguage(net, next.view.lang).catch(() => (next.view.lang = from.view.lang));
    const node = understood?.cursor?.node === undefined ? null : next.cursor.node;
    state.set({ ...next, view: /** @type {any} */ (viewFor(next.view, node)) });
  };
  let last = Promise.resolve();
  return (given, base) => (last = last.catch(() => {}).then(() => take(given, base)));
}
