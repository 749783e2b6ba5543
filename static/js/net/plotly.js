/**
 * Plotly, from the server's own installation: loaded when the first chart is opened, once.
 */

const ADDRESS = "/static/plotly.min.js";

/** @type {Promise<any> | null} */
let loading = null;

/**
 * @param {(share: number) => void} progress told how much has come, 0 to 1
 * @returns {Promise<any>} rejects where it could not be had; asking again tries again
 */
export function plotly(progress) {
  loading ??= load(progress).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @param {(share: number) => void} progress */
async function load(progress) {
  const known = /** @type {any} */ (globalThis).Plotly;
  if (known) return known;
  // Fetched first for its progress; the script element then finds it in the browser's cache.
  const response = await fetch(ADDRESS, { credentials: "omit" });
  if (!response.ok || !response.body) throw new Error(`${response.status}`);
  const whole = Number(response.headers.get("x-script-length"));
  const reader = response.body.getReader();
  for (let come = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    come += value.byteLength;
    if (whole > 0) progress(Math.min(1, come / whole));
  }
  const script = document.createElement("script");
  const done = new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("script")));
  });
  script.crossOrigin = "anonymous";
  script.src = ADDRESS;
  document.head.append(script);
  await done;
  return /** @type {any} */ (globalThis).Plotly;
}
