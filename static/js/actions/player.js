/**
 * Play: one step after another, with time to read in between, until the walk ends.
 */

/**
 * @param {{advance: () => boolean, rewind: () => unknown, show: (playing: boolean) => void, pause: () => number}} steps
 *   `advance` takes a step and says whether there was one; `rewind` returns to the beginning from the end;
 *   `pause` tells the milliseconds until the next
 */
export function createPlayer({ advance, rewind, show, pause }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    show(false);
  };
  const tick = () => {
    if (!advance()) return stop();
    timer = setTimeout(tick, pause());
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
