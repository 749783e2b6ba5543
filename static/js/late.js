/**
 * Parts of the page that load when they are opened, beside the page's own script. Each is linked by
 * itself, so it brings its own words and is given everything else.
 */

/**
 * @param {string} name of the script
 * @returns {Promise<any>} what it exports
 */
export function late(name) {
  return import(new URL(`${name}.js`, import.meta.url).href);
}
