/**
 * What this reader prefers on this machine. In a sandboxed frame there is no storage: then nothing is kept.
 */

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`unrolled.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`unrolled.${name}`, value);
  } catch {
    // Nothing is kept, nothing is lost: the page works the same.
  }
}
