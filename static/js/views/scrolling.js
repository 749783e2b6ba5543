/**
 * Words that scroll within themselves: reachable by the keyboard while they do, and fading where there
 * is more below. Looked at once a frame, all together, so that a step is laid out once.
 */

/** @type {Map<HTMLElement, boolean>} whether it has new words, which begin at their beginning */
const waiting = new Map();

/** @param {HTMLElement} element @param {boolean} anew */
function later(element, anew) {
  if (waiting.size === 0) requestAnimationFrame(settle);
  waiting.set(element, anew || (waiting.get(element) ?? false));
}

/** First all is measured, then all is written. */
function settle() {
  const found = [...waiting].map(([element, anew]) => ({ element, anew, ...measured(element) }));
  waiting.clear();
  for (const { element, anew, reachable, more, scrolled } of found) {
    if (anew && scrolled) element.scrollTop = 0;
    if (reachable) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
    element.dataset.more = String(more);
  }
}

/** @param {HTMLElement} element */
function measured(element) {
  const { scrollHeight, clientHeight, scrollTop, scrollWidth, clientWidth } = element;
  const scrolls = scrollHeight > clientHeight + 1 && getComputedStyle(element).overflowY === "auto";
  return { scrolled: scrollTop > 0, reachable: scrolls || scrollWidth > clientWidth, more: scrolls && scrollTop + clientHeight < scrollHeight - 4 };
}

/**
 * @param {HTMLElement} element
 * @returns {() => void}
 */
export function scrolling(element) {
  const apply = () => later(element, false);
  const sizes = new ResizeObserver(apply);
  const words = new MutationObserver(() => later(element, true));
  sizes.observe(element);
  words.observe(element, { childList: true });
  element.addEventListener("scroll", apply, { passive: true });
  return () => {
    sizes.disconnect();
    words.disconnect();
    element.removeEventListener("scroll", apply);
  };
}
