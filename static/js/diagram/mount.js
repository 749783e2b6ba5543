/** Puts a drawing on the page and keeps it up to date. */

/** @import {Drawing, GraphNode, Update} from "./types.js" */

import { show } from "./faces.js";
import { pulse } from "./flow.js";
import { neighbour } from "./keys.js";
import { build } from "./parts.js";
import { brings, standing, standsFor } from "./reach.js";
import { related } from "./related.js";
import { set, svg } from "./svg.js";
import { lay, run } from "./wires.js";

/**
 * @typedef {object} Calls
 * @property {(id: string) => void} [onselect] a node of the graph was chosen
 * @property {(id: string | null) => void} [onhover] a node is pointed at or focused
 * @property {(node: GraphNode, end: "in"|"out"|null) => string} [label] words for screen readers
 */

/**
 * @param {Element} container
 * @param {Drawing} drawing
 * @param {Calls} [calls]
 * @returns {{update(next: Update): void, unmount(): void}}
 */
export function mount(container, drawing, calls = {}) {
  const scale = drawing.text / 14;
  const upright = drawing.orientation === "upright";
  const root = svg("svg", {
    class: `dg dg-${drawing.orientation}`,
    viewBox: `0 0 ${drawing.width} ${drawing.height}`,
    width: drawing.width * drawing.zoom,
    height: drawing.height * drawing.zoom,
    role: "group",
  });
  root.style.setProperty("--dg-text", `${drawing.text}px`);
  const faces = drawing.nodes.map((node) => build(node, { scale, upright }));
  const values = new Map(drawing.nodes.map((node) => [node.id, standsFor(node)]));
  const wires = drawing.edges.map((edge) => lay(edge, brings(edge, values)));
  const { frame } = drawing;
  const box = svg("rect", { x: frame.x, y: frame.y, width: frame.w, height: frame.h, rx: 20, class: "dg-frame" });
  const order = ["bus", "flow", "gate", "belt"];
  const stacked = [...wires].sort((a, b) => order.indexOf(a.edge.kind) - order.indexOf(b.edge.kind));
  root.append(box, ...stacked.map((wire) => wire.group), ...faces.map((face) => face.group));
  container.append(root);

  const stops = faces.filter((face) => face.drawn.node);
  /** @type {Update} */
  let state = {};
  let end = () => {};
  let current = stops[0]?.drawn.id ?? "";
  /** @type {string | null | undefined} */
  let pointed = null;

  /** @param {string | null} id */
  function light(id) {
    const lit = id ? related(drawing, id) : null;
    root.classList.toggle("dg-pointing", lit !== null);
    for (const { group } of [...faces, ...wires]) {
      group.classList.toggle("dg-lit", lit?.has(group.dataset.id ?? "") ?? false);
    }
  }

  /** @param {string | null} id */
  function point(id) {
    light(id);
    calls.onhover?.(drawing.nodes.find((node) => node.id === id)?.ref ?? null);
  }

  /** @param {string} id */
  function go(id) {
    current = id;
    for (const { group, drawn } of stops) set(group, { tabindex: drawn.id === id ? 0 : -1 });
  }

  /** @param {Event} event */
  function idOf(event) {
    const group = event.target instanceof Element ? event.target.closest(".dg-node") : null;
    return group instanceof SVGElement && group.hasAttribute("tabindex") ? group.dataset.id ?? null : null;
  }

  /** @param {string | null} id */
  function choose(id) {
    const ref = drawing.nodes.find((node) => node.id === id)?.ref;
    if (ref) calls.onselect?.(ref);
  }

  /** @param {KeyboardEvent} event */
  function onkey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const id = idOf(event);
    if (!id) return;
    const chosen = event.key === "Enter" || event.key === " ";
    const next = neighbour(drawing, id, event.key);
    if (!chosen && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own keys step through time
    if (chosen) choose(id);
    else if (next) {
      go(next);
      stops.find((face) => face.drawn.id === next)?.group.focus();
    }
  }

  for (const { group, drawn } of stops) {
    set(group, { role: "button", tabindex: drawn.id === current ? 0 : -1 });
  }
  const listeners = /** @type {[string, (event: any) => void][]} */ ([
    ["click", (event) => choose(idOf(event))],
    ["keydown", onkey],
    ["pointerover", (event) => point(idOf(event))],
    ["pointerleave", () => point(null)],
    ["focusin", (event) => { const id = idOf(event); if (id) go(id); point(id); }],
    ["focusout", () => point(null)],
  ]);
  for (const [name, listener] of listeners) root.addEventListener(name, listener);

  return {
    update(next) {
      state = { ...state, ...next };
      end();
      for (const wire of wires) run(wire, state);
      for (const face of faces) {
        show(face, state);
        const { node, end: side } = face.drawn;
        if (!node) continue;
        mark(face.group, standing(values.get(face.drawn.id) ?? [], state));
        const words = calls.label?.(node, side) ?? node.name ?? node.label;
        set(face.group, { "aria-label": words, "aria-current": state.selected === node.id ? "true" : null });
      }
      if (next.pointed !== pointed) light(nodeFor(drawing, (pointed = next.pointed ?? null)));
      root.classList.toggle("dg-gradients", state.pass === "backward");
      if (next.animate && state.values) end = pulse(wires.filter((wire) => wire.moves), state.pass === "backward");
    },
    unmount() {
      end();
      for (const [name, listener] of listeners) root.removeEventListener(name, listener);
      root.remove();
    },
  };
}

/**
 * The node in the drawing for a value's name, a pre-activation's, or the id of a node of the graph.
 * @param {Drawing} drawing
 * @param {string | null} name
 * @returns {string | null}
 */
function nodeFor({ nodes }, name) {
  const inner = nodes.filter(({ node, end }) => node && end !== "out");
  const found = inner.find(({ ref }) => ref === name) ?? inner.find(({ node }) => node?.pre === name);
  return found?.id ?? null;
}

/**
 * @param {SVGGElement} group
 * @param {"present" | "reached" | "ahead"} standing
 */
function mark(group, standing) {
  group.classList.toggle("dg-present", standing === "present");
  group.classList.toggle("dg-ahead", standing === "ahead");
}
