/**
 * A frame that nobody looks at does nothing: three of them on a long page cost one.
 */

/**
 * @param {Element} element
 * @returns {Promise<void>} resolves when some of it is on the screen
 */
export function seen(element) {
  return new Promise((resolve) => {
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(element);
  });
}
