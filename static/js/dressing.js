/**
 * Style sheets of ours that a part of the page needs when it is opened.
 */
import { h } from "./dom.js";

/**
 * @param {string} name of the sheet
 * @returns {Promise<unknown>} when the page has it; one that cannot be had keeps nobody waiting
 */
export function dressed(name) {
  const known = /** @type {HTMLLinkElement} */ (document.querySelector('link[href$="/page.css"]'));
  const href = known.href.replace("page.css", `${name}.css`);
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = h("link", { rel: "stylesheet", href });
  const done = new Promise((resolve) => ["load", "error"].forEach((event) => link.addEventListener(event, resolve)));
  document.head.append(link);
  return done;
}
