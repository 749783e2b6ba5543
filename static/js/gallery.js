/**
 * The gallery needs one thing of a script: the choice of light.
 */
import { remember } from "./preferences.js";

const select = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-theme-choice]"));
if (select) {
  select.value = document.documentElement.dataset.theme ?? "auto";
  select.addEventListener("change", () => {
    document.documentElement.dataset.theme = select.value;
    remember("theme", select.value);
  });
}
