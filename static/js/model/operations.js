/**
 * The operations of one worked arithmetic, in the order in which they are done: each product, their sum,
 * the function. The server explained them; here they are only counted.
 */

/** At most so many products are shown one by one. */
export const MOST = 64;

/**
 * @typedef {{kind: "term", index: number} | {kind: "sum"} | {kind: "apply"}} Operation
 * @typedef {{value: any, terms?: any[], apply?: any, text: any}} Explained
 */

/**
 * @param {Explained} document
 * @returns {Operation[]} at least one
 */
export function operationsOf({ terms = [], apply }) {
  /** @type {Operation[]} */
  const products = terms.slice(0, MOST).map((_, index) => ({ kind: "term", index }));
  /** @type {Operation[]} */
  const rest = [...(terms.length > 1 ? [{ kind: /** @type {const} */ ("sum") }] : []), ...(apply ? [{ kind: /** @type {const} */ ("apply") }] : [])];
  // What goes into a function alone is no operation of its own.
  const bare = apply && terms.length === 1 && terms[0].factors.length === 1;
  const found = bare ? rest : [...products, ...rest];
  return found.length > 0 ? found : [{ kind: "sum" }];
}

/**
 * What the sum of the terms is: the function's argument, or the value itself.
 * @param {Explained} document
 */
export function sumOf({ apply, value }) {
  return apply ? apply.argument : value;
}
