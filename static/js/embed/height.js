/**
 * How tall the frame would like to be, in the three ways that hosts listen for: our own message, the
 * protocol of H5P's resizer, and Canvas's.
 */
import { message } from "./messages.js";

/**
 * What the H5P resizer is told, as its child: it greets and is greeted, then each new height is first
 * prepared and, once the host has made room, set.
 * @param {(message: any) => void} say
 * @param {() => {scrollHeight: number, clientHeight: number}} measure
 */
export function h5p(say, measure) {
  /** @param {string} action @param {Record<string, number>} [more] */
  const tell = (action, more = {}) => say({ context: "h5p", action, ...more });
  let greeted = false;
  /** @type {Record<string, () => void>} */
  const answers = {
    ready: () => tell("hello"),
    hello() {
      greeted = true;
      tell("prepareResize", measure());
    },
    resize: () => tell("prepareResize", measure()),
    resizePrepared: () => tell("resize", { scrollHeight: measure().scrollHeight }),
  };
  tell("hello");
  return {
    /** @param {any} data of a message from the host */
    hear(data) {
      if (data?.context === "h5p" && Object.hasOwn(answers, data.action)) answers[data.action]();
    },
    changed: () => greeted && tell("prepareResize", measure()),
  };
}

/**
 * @param {HTMLElement} body as tall as what is in it
 * @param {(message: any) => void} say
 */
export function tellHeight(body, say) {
  const measure = () => {
    const height = Math.ceil(body.getBoundingClientRect().height);
    return { scrollHeight: height, clientHeight: body.clientHeight };
  };
  const resizer = h5p(say, measure);
  window.addEventListener("message", (event) => {
    if (event.source === window.parent) resizer.hear(event.data);
  });
  let told = 0;
  new ResizeObserver(() => {
    const { scrollHeight: height } = measure();
    if (height === told) return;
    told = height;
    say(message("resize", { height }));
    say({ subject: "lti.frameResize", height });
    resizer.changed();
  }).observe(body);
}
