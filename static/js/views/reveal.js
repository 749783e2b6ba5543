/**
 * Brings an element into sight within its own scrolling column; the page around a frame stays where
 * it is, which `scrollIntoView` would move.
 */

/**
 * @param {HTMLElement} element
 * @returns {HTMLElement | null}
 */
function column(element) {
  for (let up = element.parentElement; up; up = up.parentElement) {
    if (up.scrollHeight > up.clientHeight && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  }
  return /** @type {HTMLElement | null} */ (document.scrollingElement);
}

/** @param {HTMLElement} element */
export function reveal(element) {
  const scroller = column(element);
  if (!scroller) return;
  const whole = scroller === document.scrollingElement;
  const { top, bottom } = whole ? { top: 0, bottom: window.innerHeight } : scroller.getBoundingClientRect();
  const own = element.getBoundingClientRect();
  if (own.top < top) scroller.scrollTop += own.top - top;
  else if (own.bottom > bottom) scroller.scrollTop += Math.min(own.bottom - bottom, own.top - top);
}
