/**
 * The one place that knows which scene a state means. `state.scene` is a reference: `lesson`,
 * `lesson/scene`, the id of a stored scene (`s_…`), or an inline document; what it means is the
 * document with its defaults filled, its cells described, and how many steps it runs.
 */

/**
 * @typedef {import("../model/trace.js").Cell} Cell
 * @typedef {string | Record<string, any>} Reference
 * @typedef {{content: string, id: string | null, title: import("./model.js").Words | null, scene: any, drawn: any,
 *            cells: Cell[], readout: Cell | null, attention: Cell | null, steps: number}} Resolved
 *   `content` names exactly this content for as long as the page lives; `id` that of a scene of the lesson;
 *   `drawn` is the document with the rows that a text becomes, to draw and never to send
 * @typedef {{scene: any, steps: number, cells: Record<string, Cell>, layers: string[],
 *            readout: string | null, attention?: string | null, rows?: number[][] | null}} Description the server's
 * @typedef {ReturnType<typeof createScenes>} Scenes
 */

/**
 * How many steps a scene runs for, as far as its document tells: a text is counted by the server.
 * @param {any} scene
 * @returns {number}
 */
function stepsOf(scene) {
  const network = scene.network ?? {};
  if (Number.isInteger(network.steps)) return network.steps;
  return Math.max(1, (network.decoder ? scene.decoder_inputs : scene.inputs)?.length ?? 1);
}

/**
 * The layers of a scene, in order; those of an encoder before its decoder's.
 * @param {any} scene
 * @returns {any[]}
 */
export function layersOf({ network }) {
  return [network, network.encoder, network.decoder].flatMap((part) => part?.layers ?? []);
}

/**
 * @param {any} scene
 * @returns {any}
 */
function readoutOf({ network }) {
  return network.readout ?? network.decoder?.readout ?? null;
}

/**
 * The key a layer's cell is described under, as the server reckons it.
 * @param {any} layer
 */
function cellKey({ cell, options }) {
  return JSON.stringify(sorted([cell, options ?? {}]));
}

/**
 * @param {any} value
 * @returns {any}
 */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** @param {any} scene */
function textKey({ text, encoding }) {
  return JSON.stringify([text, encoding]);
}

/** @param {any} scene */
function readoutKey(scene) {
  const readout = readoutOf(scene);
  const cell = scene.network.attention ? "readout_attention" : "readout";
  return readout && cellKey({ cell, options: { activation: readout.activation ?? "identity" } });
}

/** @param {any} scene */
function attentionKey({ network: { attention } }) {
  return attention ? cellKey({ cell: "attention", options: { kind: attention.kind ?? attention } }) : null;
}

/**
 * What two scenes share whose pictures have the same boxes and lines: everything but the numbers.
 * @param {Resolved} resolved
 * @returns {string}
 */
export function structureOf({ scene, steps }) {
  const { shape, pool, attention } = scene.network;
  const layers = layersOf(scene).map((layer) => [cellKey(layer), layer.units, layer.direction, layer.merge]);
  return JSON.stringify([shape, pool, attention?.kind, steps, scene.inputs?.[0]?.length, layers, readoutOf(scene)?.outputs, readoutKey(scene)]);
}

/**
 * @param {import("./model.js").Lesson} lesson
 * @param {Record<string, Cell>} known descriptions by key
 * @param {Record<string, import("./model.js").Words>} [notations] titles of the books whose symbols there are
 */
export function createScenes(lesson, known, notations = {}) {
  /** @type {Map<string, Resolved>} */
  const named = new Map();
  /** @type {WeakMap<object, Resolved>} */
  const inline = new WeakMap();
  const cells = new Map(Object.entries(known));
  let count = 0;
  /** @type {Map<string, {steps: number, rows: number[][] | null}>} what the server made of texts */
  const texts = new Map();
  /** @param {any} scene @param {number} steps @param {number[][] | null} [rows] */
  const readAs = (scene, steps, rows = null) => {
    if (scene.text !== undefined) texts.set(textKey(scene), { steps, rows });
    return { scene, drawn: rows ? { ...scene, inputs: rows } : scene };
  };
  for (const each of lesson.scenes) {
    const { id, title, scene, readout, attention = null } = each;
    const name = each === lesson.scenes[0] ? lesson.id : `${lesson.id}/${id}`;
    const own = { id, title, cells: each.cells.map((key) => known[key]), readout: readout === null ? null : known[readout], attention: attention === null ? null : known[attention] };
    const steps = each.steps ?? stepsOf(scene);
    named.set(name, { content: name, ...own, steps, ...readAs(scene, steps, each.rows) });
  }
  /** The lesson's own first scene goes by two names. */
  const canonical = (/** @type {string} */ name) => (name === `${lesson.id}/${lesson.scenes[0].id}` ? lesson.id : name);

  /** @param {any} scene @returns {Resolved | null} */
  const understood = (scene) => {
    const text = scene?.text === undefined ? null : texts.get(textKey(scene));
    if (!scene?.network || (!scene.inputs && !scene.network.steps && !text)) return null;
    const keys = [...layersOf(scene).map(cellKey), readoutKey(scene), attentionKey(scene)];
    if (keys.length < 3 || keys.some((key) => key !== null && !cells.has(key))) return null;
    const found = keys.map((key) => (key === null ? null : (cells.get(key) ?? null)));
    const own = { cells: /** @type {Cell[]} */ (found.slice(0, -2)), readout: found.at(-2) ?? null, attention: found.at(-1) ?? null };
    const steps = text?.steps ?? stepsOf(scene);
    return { content: `#${(count += 1)}`, id: null, title: null, ...own, steps, ...readAs(scene, steps, text?.rows) };
  };

  return {
    lesson,
    notations,
    /** The scene at which the page begins. */
    first: () => /** @type {Resolved} */ (named.get(lesson.id)),
    /** @param {unknown} reference @returns {Reference | null} in its one form, or null for what is none */
    canonical: (reference) => {
      if (typeof reference === "string") return canonical(reference);
      return typeof reference === "object" && reference !== null && !Array.isArray(reference) ? reference : null;
    },
    /**
     * What a reference means, null where only the server can tell.
     * @param {Reference} reference
     * @returns {Resolved | null}
     */
    resolve(reference) {
      if (typeof reference === "string") return named.get(canonical(reference)) ?? null;
      const before = inline.get(reference);
      if (before) return before;
      const made = understood(reference);
      if (made) inline.set(reference, made);
      return made;
    },
    /**
     * Takes what the server said of a reference; the reference to hold from now on.
     * @param {Reference} reference
     * @param {Description} description
     * @returns {Reference}
     */
    learn(reference, { scene, steps, cells: described, layers, readout, attention = null, rows }) {
      for (const [key, cell] of Object.entries(described)) cells.set(key, cell);
      const found = {
        cells: layers.map((key) => described[key]),
        readout: readout === null ? null : described[readout],
        attention: attention === null ? null : described[attention],
      };
      const own = { id: null, title: null, ...found, steps, ...readAs(scene, steps, rows) };
      if (typeof reference === "string") {
        named.set(reference, { content: reference, ...own });
        return reference;
      }
      const made = { content: `#${(count += 1)}`, ...own };
      for (const document of [reference, scene]) inline.set(document, made);
      return scene;
    },
  };
}
