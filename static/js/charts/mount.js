/**
 * Draws figures into an element with Plotly, which is given to it.
 */
import { cursorMark, emphasis, fitted, heightFor, stepOf } from "./marks.js";

/**
 * @typedef {import("./marks.js").Drawn} Drawn
 * @typedef {{t: number | null, node: string | null, ink: string}} Marks
 */

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", scrollZoom: false, responsive: false };

/**
 * @param {HTMLElement} element
 * @param {any} Plotly
 * @param {(t: number) => void} go to the step of a point that is chosen
 */
export function chart(element, Plotly, go) {
  /** @type {Drawn | null} */
  let shown = null;
  /** @type {Marks} */
  let marks = { t: null, node: null, ink: "#000" };
  let width = 0;

  const draw = async () => {
    if (!shown) return;
    width = element.clientWidth;
    const { data, layout } = fitted(shown.figure, width);
    const opacity = emphasis(data, marks.node);
    const lines = data.map((each, index) => ({ ...each, opacity: opacity[index] }));
    const size = { width, height: heightFor(shown, width), shapes: cursorMark(shown.follows, marks.t, marks.ink) };
    await Plotly.react(element, lines, { ...layout, ...size }, CONFIG);
    const { follows } = shown;
    /** @type {any} */ (element).removeAllListeners?.("plotly_click");
    /** @type {any} */ (element).on("plotly_click", (/** @type {any} */ { points }) => {
      const t = stepOf(follows, points[0]);
      if (t !== null) go(t);
    });
  };
  const observer = new ResizeObserver(() => {
    if (Math.abs(element.clientWidth - width) > 1) draw();
  });
  observer.observe(element);
  return {
    /** @param {Drawn} drawn @param {Marks} next */
    show(drawn, next) {
      [shown, marks] = [drawn, next];
      return draw();
    },
    /** The cursor or the selection has moved; the figure is the same. @param {Marks} next */
    mark(next) {
      const moved = next.node !== marks.node;
      marks = next;
      if (!shown) return;
      Plotly.relayout(element, { shapes: cursorMark(shown.follows, marks.t, marks.ink) });
      if (moved) Plotly.restyle(element, { opacity: emphasis(shown.figure.data, marks.node) });
    },
    remove() {
      observer.disconnect();
      Plotly.purge(element);
    },
  };
}
