/**
 * Says what a step did, to those who listen instead of look. It waits for a pause, so that holding a
 * key does not talk over itself.
 */

const QUIET = 250;

/**
 * @param {HTMLElement} container a polite live region
 * @param {import("../state/store.js").Source<{sentence: string}>} source
 */
export function announcer(container, source) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const off = source.subscribe(({ sentence }) => {
    clearTimeout(timer);
    timer = setTimeout(() => (container.textContent = sentence), QUIET);
  });
  return () => {
    clearTimeout(timer);
    off();
  };
}
