/**
 * Asks for figures, the newest alone: one that is no longer wanted is given up.
 */
import { chart as mounted } from "../../charts/mount.js";

/**
 * @typedef {{figure: (request: any, signal: AbortSignal) => Promise<any>,
 *            plotly: (progress: (share: number) => void) => Promise<any>}} Server
 * @typedef {{begun: () => void, loading: (share: number) => void, drawn: (document: any) => void,
 *            failed: (why: string) => void}} Hear
 */

/**
 * @param {HTMLElement} picture
 * @param {Server} server
 * @param {{hear: Hear, point: Parameters<typeof mounted>[2], marks: () => import("../../charts/mount.js").Marks}} how
 */
export function asking(picture, server, { hear, point, marks }) {
  let running = new AbortController();
  /** @type {ReturnType<typeof mounted> | null} */
  let drawing = null;
  /** @param {any} request */
  const ask = async (request) => {
    running.abort();
    const { signal } = (running = new AbortController());
    let over = false;
    hear.begun();
    try {
      const loaded = server.plotly((share) => signal.aborted || over || hear.loading(share));
      const [figure, Plotly] = await Promise.all([server.figure(request, signal), loaded]);
      if (signal.aborted) return;
      picture.hidden = false;
      drawing ??= mounted(picture, Plotly, point);
      await drawing.show(figure, marks());
      if (!signal.aborted) hear.drawn(figure);
    } catch (error) {
      over = true; // the library may still be on its way
      if (!signal.aborted) hear.failed(/** @type {any} */ (error).message ?? "");
    }
  };
  return {
    ask,
    mark: () => drawing?.mark(marks()),
    stop() {
      running.abort();
      drawing?.remove();
    },
  };
}
