/**
 * Words that scroll within themselves: reachable by the keyboard while they do, and fading where there
 * is more below.
 */

/**
 * @param {HTMLElement} element
 * @returns {() => void}
 */
export function scrolling(element) {
  const apply = () => {
    const { scrollHeight, clientHeight, scrollTop, scrollWidth, clientWidth } = element;
    const scrolls = scrollHeight > clientHeight + 1 && getComputedStyle(element).overflowY === "auto";
    if (scrolls || scrollWidth > clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
    element.dataset.more = String(scrolls && scrollTop + clientHeight < scrollHeight - 4);
  };
  const sizes = new ResizeObserver(apply);
  const words = new MutationObserver(() => {
    element.scrollTop = 0;
    apply();
  });
  sizes.observe(element);
  words.observe(element, { childList: true });
  element.addEventListener("scroll", apply, { passive: true });
  return () => {
    sizes.disconnect();
    words.disconnect();
    element.removeEventListener("scroll", apply);
  };
}
