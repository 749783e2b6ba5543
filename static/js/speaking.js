/**
 * The words of a part of the page that loads when it is opened: known before it draws, and again
 * after a change of language.
 */
import { isKnown, register } from "./words/translate.js";

/**
 * @template {{lang: string}} T
 * @param {import("./state/store.js").Source<T>} source
 * @param {(part: string) => Promise<Record<string, string>>} words of the language now spoken
 * @param {...string} parts whose catalogues it needs
 * @returns {Promise<import("./state/store.js").Source<T>>} the source in a language whose words are known
 */
export async function speaking(source, words, ...parts) {
  const know = async () => {
    const { lang } = source.get();
    if (!isKnown(lang)) register(lang, Object.assign({}, ...(await Promise.all(parts.map(words)))));
  };
  await know();
  let spoken = source.get().lang;
  const get = () => ({ ...source.get(), lang: spoken });
  return {
    get,
    subscribe: (listener) =>
      source.subscribe(async (value) => {
        if (value.lang === spoken) return listener(get());
        await know().catch(() => {});
        spoken = isKnown(value.lang) ? value.lang : spoken;
        return listener(get());
      }),
  };
}
