/**
 * Play: one step after another, with time to read in between, until the walk ends.
 */

const PAUSE = 1600;

/**
 * @param {{advance: () => boolean, rewind: () => unknown, show: (playing: boolean) => void}} steps
 *   `advance` takes a step and says whether there was one; `rewind` returns to the beginning from the end
 * @param {number} [pause] milliseconds between steps
 */
export function createPlayer({ advance, rewind, show }, pause = PAUSE) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    show(false);
  };
  const tick = () => {
    if (!advance()) return stop();
    timer = setTimeout(tick, pause);
  };
  const play = () => {
    if (timer !== undefined) return;
    rewind();
    show(true);
    timer = setTimeout(tick, 0);
  };
  return {
    play,
    pause: () => {
      if (timer !== undefined) stop();
    },
    togglePlay: () => (timer === undefined ? play() : stop()),
  };
}
