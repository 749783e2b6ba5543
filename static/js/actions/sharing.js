/**
 * What a reader takes along: a link to this moment, the scene, its trace as a file.
 */
import { drawn } from "../state/drawn.js";
import { encode } from "../state/url.js";

/** A link longer than this is cut short by some programs: its scene is stored with the server. */
const LONG = 8000;

/** @param {import("./index.js").World} world */
export function createSharing({ state, session, scenes, net }) {
  const shown = () => drawn(state.get(), session.get(), scenes).shown.scene;
  const plain = () => location.origin + location.pathname + location.search;
  return {
    /** @returns {Promise<string>} the address of the page as it stands */
    async link() {
      const current = state.get();
      const fragment = await encode(current);
      if (fragment.length <= LONG || typeof current.scene === "string") return plain() + fragment;
      const { id } = await net.store(current.scene);
      return plain() + (await encode({ ...current, scene: id }));
    },
    /** @returns {Blob} the document of the scene that is drawn */
    sceneFile: () => new Blob([JSON.stringify(shown(), null, 1)], { type: "application/json" }),
    /**
     * @param {string} media
     * @param {boolean} gradients
     * @returns {Promise<Blob>}
     */
    traceFile: (media, gradients) => net.traceFile(shown(), gradients, media),
  };
}
