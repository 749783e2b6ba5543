/** The frame of a lesson that does not exist says so to the page around it. */
import { message } from "./embed/messages.js";

const said = document.querySelector("[data-problem]");
window.parent.postMessage(message("error", { code: "no_lesson", detail: said?.textContent?.trim() ?? "" }), "*");
