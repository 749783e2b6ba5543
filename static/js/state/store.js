/**
 * The whole of the page's reactivity: a value, those who watch it, and parts derived from it.
 * Changing (`set`) and reacting (`subscribe`) are separate: nothing that reacts can change.
 */

/**
 * @template T
 * @typedef {{get: () => T, subscribe: (listener: (value: T) => void) => () => void}} Source
 */

/**
 * @template T
 * @typedef {Source<T> & {set: (value: T) => void}} Store
 */

/**
 * @template T
 * @param {T} value
 * @returns {Store<T>}
 */
export function createStore(value) {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Whether two slices hold the same things, one level deep.
 * @param {any} a
 * @param {any} b
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}

/**
 * The part of one or more sources that a view draws. Its listeners hear of it only when it changed.
 * @template T
 * @param {Source<any>[]} sources
 * @param {(...values: any[]) => T} pick
 * @returns {Source<T>}
 */
export function derive(sources, pick) {
  /** @type {{values: any[], made: T} | null} the part of the same values is made once, however many ask */
  let kept = null;
  const compute = () => {
    const values = sources.map((source) => source.get());
    if (!kept || values.some((value, index) => !Object.is(value, kept?.values[index]))) kept = { values, made: pick(...values) };
    return kept.made;
  };
  return {
    get: compute,
    subscribe(listener) {
      let last = compute();
      const check = () => {
        const next = compute();
        if (same(last, next)) return;
        last = next;
        listener(next);
      };
      const offs = sources.map((source) => source.subscribe(check));
      return () => offs.forEach((off) => off());
    },
  };
}
