/**
 * An exported file carries its longer parts deflated (base64 of the raw stream), so that it stays small
 * enough to send. Here each is written out in its place, in order: what is data, then the script.
 */

/** @param {string} base64 */
function inflated(base64) {
  const bytes = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

const packed = [.../** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll("script[data-packed]"))];
const texts = await Promise.all(packed.map(({ textContent }) => inflated(textContent ?? "")));
packed.forEach((each, index) => {
  const script = document.createElement("script");
  script.type = each.dataset.packed ?? "";
  script.id = each.id;
  script.textContent = texts[index];
  each.replaceWith(script);
});

export {};
