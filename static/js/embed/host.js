// The script of pages that embed: <script src="…/embed.js" data-lesson="lecture-lstm"></script>
// The frame grows with what is in it. `frame.unrolled("step")` speaks to it, and what it says arrives
// as the event "unrolled" on it (docs/embedding.md).
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { lesson = "", state = "", label = "Unrolled", ...query } = script.dataset;
  const asked = new URLSearchParams(/** @type {Record<string, string>} */ (query));
  const frame = Object.assign(document.createElement("iframe"), {
    src: `${new URL(script.src).origin}/embed${lesson && `/${lesson}`}?${asked}${state}`,
    title: label,
    loading: "lazy",
    unrolled: (/** @type {string} */ type, /** @type {any} */ state) =>
      frame.contentWindow?.postMessage({ target: "unrolled", type, state }, "*"),
  });
  frame.style.cssText = "width:100%;height:640px;border:0";
  frame.setAttribute("sandbox", "allow-scripts allow-popups");
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || data?.source !== "unrolled") return;
    if (data.type === "resize") frame.style.height = `${data.height}px`;
    frame.dispatchEvent(new CustomEvent("unrolled", { detail: data, bubbles: true }));
  });
  // A page that begins with the script has it in its head, where no frame is shown.
  if (script.closest("head")) addEventListener("DOMContentLoaded", () => document.body.prepend(frame));
  else script.after(frame);
})();
