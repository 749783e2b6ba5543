/** Motion that shows flow: one pulse along every line, from the inputs up, then along the belt. */

/** @import {Wire} from "./wires.js" */

const BEAT = 190; // ms between what lies one node further on
const SPEED = 0.3; // px per ms
const PULSE = 0.1; // a dot: its round caps are all there is of it

/** @returns {boolean} */
export function still() {
  return typeof matchMedia !== "function" || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {Wire[]} wires
 * @param {boolean} backward
 * @returns {() => void} ends it at once
 */
export function pulse(wires, backward) {
  if (still()) return () => {};
  const depths = wires.map((wire) => wire.edge.depth);
  const [first, last] = [Math.min(...depths), Math.max(...depths)];
  const running = wires
    .filter((wire) => !wire.group.classList.contains("dg-shut"))
    .map(({ edge, flow }) => {
      const order = backward ? last - edge.depth : edge.depth - first;
      const ways = [PULSE, -edge.length];
      flow.style.strokeDasharray = `${PULSE} ${edge.length + PULSE}`;
      const frames = (backward ? ways.reverse() : ways).map((offset) => ({ strokeDashoffset: offset, opacity: 1 }));
      return flow.animate(frames, {
        duration: Math.max(260, (edge.length + PULSE) / SPEED),
        delay: order * BEAT,
        easing: "ease-in-out",
      });
    });
  return () => running.forEach((animation) => animation.cancel());
}
