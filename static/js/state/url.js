/**
 * The state in a link: `#1.` and base64url of the raw-deflated JSON.
 */

const PREFIX = "#1.";
export const LIMIT = 200_000;
const INFLATED = 1_000_000;

/**
 * @param {BlobPart} data
 * @param {CompressionStream | DecompressionStream} through
 * @returns {Promise<Uint8Array>}
 */
async function pipe(data, through) {
  const stream = new Blob([data]).stream().pipeThrough(/** @type {any} */ (through));
  return new Uint8Array(await new Response(stream.pipeThrough(bounded(INFLATED))).arrayBuffer());
}

/**
 * A short link may inflate a thousandfold: what comes to more than `most` bytes is an error.
 * @param {number} most
 */
function bounded(most) {
  let passed = 0;
  return new TransformStream({
    transform(/** @type {Uint8Array} */ chunk, controller) {
      passed += chunk.byteLength;
      if (passed > most) controller.error(new RangeError(`a state of at most ${most} bytes`));
      else controller.enqueue(chunk);
    },
  });
}

/**
 * @param {unknown} state
 * @returns {Promise<string>} the fragment, with its `#`
 */
export async function encode(state) {
  const bytes = await pipe(JSON.stringify(state), new CompressionStream("deflate-raw"));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} fragment
 * @returns {Promise<any>} the state, or null where the fragment holds none that can be read
 */
export async function decode(fragment) {
  if (!fragment.startsWith(PREFIX) || fragment.length > LIMIT) return null;
  try {
    const base64 = fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const text = await pipe(bytes, new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
