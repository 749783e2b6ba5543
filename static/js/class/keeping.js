/**
 * What a tab keeps of a class: the presenter's token, its own secret, and what the presenter comes with.
 * Nothing outlives the tab. Where there is no storage the page has it until it is loaded anew.
 */

/**
 * @param {string} code
 */
export function keeping(code) {
  /** @type {Map<string, string>} */
  const own = new Map();
  const key = (/** @type {string} */ name) => `unrolled.class.${code}.${name}`;
  return {
    /** @param {string} name @returns {string | null} */
    get(name) {
      try {
        return sessionStorage.getItem(key(name));
      } catch {
        return own.get(name) ?? null;
      }
    },
    /** @param {string} name @param {string} value */
    set(name, value) {
      try {
        sessionStorage.setItem(key(name), value);
      } catch {
        own.set(name, value);
      }
    },
    /** @param {string} name @returns {string | null} what was there */
    take(name) {
      const found = this.get(name);
      try {
        sessionStorage.removeItem(key(name));
      } catch {
        own.delete(name);
      }
      return found;
    },
  };
}
