/**
 * The address bar and the state: a link restores what it shows, and the bar follows, as long as the
 * state differs from the page's beginning.
 */
import { decode, encode, LIMIT } from "../state/url.js";

const QUIET = 120;

/**
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [left, right] = [/** @type {any} */ (a), /** @type {any} */ (b)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => equal(left[key], right[key]));
}

/**
 * @param {{state: import("../state/store.js").Source<any>, start: any,
 *          restore: (given: any, base?: any) => Promise<void>,
 *          unreadable: () => void}} what
 * @returns {Promise<() => void>} resolves when the address has been read
 */
export async function followAddress({ state, start, restore, unreadable }) {
  let written = "";
  const read = async () => {
    if (location.hash === written) return;
    const given = await decode(location.hash);
    if (given !== null) await restore(given, start);
    else if (/^#\d+\./.test(location.hash)) unreadable();
  };
  await read();
  let turn = 0;
  const write = async () => {
    const mine = ++turn;
    const current = state.get();
    const fragment = equal(current, start) ? "" : await encode(current);
    const hash = fragment.length > LIMIT ? "" : fragment; // an address that nobody could read again
    if (mine !== turn) return;
    written = hash;
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  };
  window.addEventListener("hashchange", read);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const off = state.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(write, QUIET);
  });
  return () => {
    off();
    clearTimeout(timer);
    window.removeEventListener("hashchange", read);
  };
}
