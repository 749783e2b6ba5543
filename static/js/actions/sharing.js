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
  const own = () => (scenes.lesson.id === "studio" ? "/studio" : `/lessons/${scenes.lesson.id}`);
  // A class has an address of its own, which is not for those who read alone.
  const plain = () => location.origin + (/^\/(class|r)\//.test(location.pathname) ? own() : location.pathname) + location.search;
  return {
    /** @returns {Promise<string>} the address of the page as it stands */
    async link() {
      const current = state.get();
      const fragment = await encode(current);
      if (fragment.length <= LONG || typeof current.scene === "string") return plain() + fragment;
      const { id } = await net.store(current.scene);
      return plain() + (await encode({ ...current, scene: id }));
    },
    /**
     * What a frame in another page shows: this moment, by the lesson's name where nothing was edited.
     * @returns {Promise<Omit<import("../share/snippets.js").Place, "title">>}
     */
    async embedding() {
      const current = state.get();
      const home = location.origin;
      const resolved = typeof current.scene === "string" ? scenes.resolve(current.scene) : null;
      if (!resolved?.id || current.cursor.pass === "backward") {
        return { home, lesson: "", query: {}, fragment: (await this.link()).replace(/^[^#]*/, "") };
      }
      const { cursor, view } = current;
      const asked = { t: cursor.t === null ? "" : String(cursor.t + 1), node: cursor.node ?? "", notation: view.notation === "lee" ? "" : view.notation, lang: view.lang };
      const scene = current.scene === scenes.lesson.id ? "" : resolved.id;
      const query = Object.fromEntries(Object.entries({ scene, ...asked }).filter(([, value]) => value !== ""));
      return { home, lesson: scenes.lesson.id, query, fragment: "" };
    },
    /** Opens a class at this moment, and goes to the page that leads it. */
    async openClass() {
      const { lesson, first } = scenes;
      const asked = lesson.id === "studio" ? { scene: first().scene } : { lesson: lesson.id };
      const { code, presenter_url: address } = await net.openRoom(asked);
      sessionStorage.setItem(`unrolled.class.${code}.state`, JSON.stringify(state.get()));
      const { pathname, hash } = new URL(address);
      const { lang, theme } = state.get().view;
      location.assign(`${pathname}?${new URLSearchParams({ lang, theme })}${hash}`);
    },
    /** @returns {Promise<Blob>} a page that needs no server: the lesson whole, or the scene that is drawn */
    pageFile() {
      const { scene, view } = state.get();
      const whole = typeof scene === "string" && scenes.resolve(scene)?.id;
      return net.exportFile(whole ? scenes.lesson.id : shown(), view.lang);
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
