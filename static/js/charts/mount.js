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
 * @param {{go: (t: number) => void, point: (line: any | null) => void}} act
 *   `go` to the step of a point that is chosen; `point`: a line is pointed at, or none any more
 */
export function chart(element, Plotly, { go, point }) {
  /** @type {Drawn | null} */
  let shown = null;
  /** @type {Marks} */
  let marks = { t: null, node: null, ink: "#000" };
  let width = 0;
  let heard = false;

  const draw = async () => {
    if (!shown) return;
    width = element.clientWidth;
    const { data, layout } = fitted(shown.figure, width);
    const opacity = emphasis(data, marks.node);
    const lines = data.map((each, index) => ({ ...each, opacity: opacity[index] }));
    const size = { width, height: heightFor(shown, width), shapes: cursorMark(shown.follows, marks.t, marks.ink) };
    await Plotly.react(element, lines, { ...layout, ...size }, CONFIG);
    if (!heard) listen();
    heard = true;
  };
  /** Plotly's own events; it keeps those who listen from one figure to the next. */
  const listen = () => {
    const plot = /** @type {any} */ (element);
    plot.on("plotly_click", (/** @type {any} */ { points }) => {
      const t = stepOf(shown?.follows ?? null, points[0]);
      if (t !== null) go(t);
    });
    plot.on("plotly_hover", (/** @type {any} */ { points }) => point(points[0].data));
    plot.on("plotly_unhover", () => point(null));
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
      const [stepped, pointed] = [next.t !== marks.t, next.node !== marks.node];
      marks = next;
      if (!shown) return;
      if (stepped) Plotly.relayout(element, { shapes: cursorMark(shown.follows, marks.t, marks.ink) });
      if (pointed) Plotly.restyle(element, { opacity: emphasis(shown.figure.data, marks.node) });
    },
    remove() {
      observer.disconnect();
      Plotly.purge(element);
    },
  };
}
