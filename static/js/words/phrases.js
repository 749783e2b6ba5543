/**
 * A lesson's text may hold marked phrases, `[look at the forget gate](t=4&node=layers.0.forward.f)`,
 * that set the state when they are followed (steps count from 0 in them, as on the wire), and
 * `**words**` that are said with weight.
 */

/**
 * @typedef {{text: string, set: Record<string, string> | null, strong: boolean}} Piece
 */

const MARKED = /\[([^\][]+)\]\(([^()\s]+)\)|\*\*([^*]+)\*\*/g;

/**
 * @param {string} text
 * @returns {Piece[]}
 */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  const plain = (/** @type {number} */ to) => {
    if (end < to) found.push({ text: text.slice(end, to), set: null, strong: false });
  };
  for (const match of text.matchAll(MARKED)) {
    plain(match.index);
    const [whole, phrase, query, weighty] = match;
    const set = query === undefined ? null : Object.fromEntries(new URLSearchParams(query));
    found.push({ text: phrase ?? weighty, set, strong: weighty !== undefined });
    end = match.index + whole.length;
  }
  plain(text.length);
  return found;
}

/**
 * Lines of a lesson's file run together into paragraphs; an empty line parts them.
 * @param {string} text
 * @param {string} lang Chinese lines join without a space
 * @returns {string[]}
 */
export function paragraphs(text, lang) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, lang === "zh" ? "" : " "));
}

/**
 * The change of state a phrase asks for.
 * @param {Record<string, string>} set
 * @param {string} lesson
 * @returns {{scene?: string, cursor: Record<string, any>}}
 */
export function patchOf(set, lesson) {
  /** @type {Record<string, any>} */
  const cursor = {};
  if (set.t !== undefined) cursor.t = /^\d+$/.test(set.t) ? Number(set.t) : null;
  if (set.node !== undefined) cursor.node = set.node;
  if (set.pass !== undefined) cursor.pass = set.pass;
  return set.scene === undefined ? { cursor } : { scene: `${lesson}/${set.scene}`, cursor };
}
