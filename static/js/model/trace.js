/**
 * Reading a trace: which numbers belong to a place (a layer and a direction) at a step. Nothing is
 * computed here but what is largest; every number comes from the server.
 */

/**
 * @typedef {number | "Infinity" | "-Infinity" | "NaN"} Wire a number as it travels
 * @typedef {Record<string, Wire[][]>} Series rows by step
 * @typedef {{direction: string, values: Series, gradients?: Series, parameters: any,
 *            initial_gradients?: any}} Direction
 * @typedef {{cell: any, directions: Direction[]}} Layer
 * @typedef {{id: string, steps: number, layers: Layer[], encoder?: {steps: number, layers: Layer[]},
 *            decoder?: {steps: number, layers: Layer[], inputs: Wire[][]},
 *            attention?: {scores: Wire[][], alpha: Wire[][], context: Wire[][], gradients?: Series} | null,
 *            readout: {values: Series, gradients?: Series} | null, outputs: Wire[][],
 *            loss: {total: Wire, steps: Wire[]} | null, input_gradients?: Wire[][],
 *            decoder_input_gradients?: Wire[][], non_finite: any}} Trace
 *   an encoder–decoder has two stacks of layers in place of `layers`
 * @typedef {"" | "encoder" | "decoder"} Stack
 * @typedef {{place: string, layer: number, depth: number, direction: string, stack: Stack}} Place
 *   `layer` counts all layers, as their cells are listed, `depth` those of the stack
 * @typedef {{id: string, state: string[], output: string, equations: any[], evaluation?: string[], graph: any, symbols: any, code?: {numpy: string, pytorch: string}, chosen?: Record<string, string>,
 *            title: any, source?: string}} Cell
 */

/** @type {WeakMap<Trace, Place[]>} */
const known = new WeakMap();

/**
 * Every layer and direction of a trace in the order in which they run: `layers.0.forward`, …
 * @param {Trace} trace
 * @returns {Place[]}
 */
export function places(trace) {
  const found = known.get(trace) ?? made(trace);
  known.set(trace, found);
  return found;
}

/**
 * @param {Trace} trace
 * @returns {Place[]}
 */
function made({ layers, encoder, decoder }) {
  /** @type {[Stack, Layer[], number][]} */
  const stacks = layers ? [["", layers, 0]] : [["encoder", encoder?.layers ?? [], 0], ["decoder", decoder?.layers ?? [], encoder?.layers.length ?? 0]];
  return stacks.flatMap(([stack, all, first]) =>
    all.flatMap(({ directions }, depth) =>
      directions.map(({ direction }) => ({ place: `${stack && `${stack}.`}layers.${depth}.${direction}`, layer: first + depth, depth, direction, stack })),
    ),
  );
}

/**
 * @param {Trace} trace
 * @param {string} place
 * @returns {Place | null}
 */
export function placed(trace, place) {
  return places(trace).find((each) => each.place === place) ?? null;
}

/**
 * The cell that computes at a place.
 * @param {{trace: Trace | null, cells: Cell[], readoutCell?: Cell | null}} network
 * @param {string} place
 * @returns {Cell | undefined}
 */
export function cellAt({ trace, cells, readoutCell }, place) {
  if (place === "readout") return readoutCell ?? undefined;
  return cells[(trace ? placed(trace, place)?.layer : undefined) ?? 0];
}

/**
 * The layers that stand on each other with this one.
 * @param {Trace} trace
 * @param {Place} place
 */
function stackOf(trace, { stack }) {
  return (stack === "" ? trace.layers : trace[stack]?.layers) ?? [];
}

/**
 * @param {Trace} trace
 * @param {string} place
 * @returns {Direction | {values: Series, gradients?: Series} | null}
 */
export function at(trace, place) {
  if (place === "readout") return trace.readout;
  if (place === "decoder.attention" && trace.attention) {
    const { scores, alpha, context, gradients } = trace.attention;
    return { values: { scores, alpha, context }, gradients };
  }
  const spot = placed(trace, place);
  return spot && (stackOf(trace, spot)[spot.depth].directions.find(({ direction }) => direction === spot.direction) ?? null);
}

/**
 * @param {Trace} trace
 * @param {string} place
 * @param {"forward" | "backward"} pass
 * @returns {Series}
 */
export function series(trace, place, pass) {
  const found = at(trace, place);
  return (pass === "backward" ? found?.gradients : found?.values) ?? {};
}

/**
 * Whether the walk, at `t`, has been to `step` already: `past`, `present` or `future`.
 * @param {number} step
 * @param {number | null} t
 * @param {"forward" | "backward"} pass
 */
export function tense(step, t, pass) {
  if (t === null) return "future";
  if (step === t) return "present";
  return step < t === (pass === "forward") ? "past" : "future";
}

/**
 * What comes into each step from the one before it in the direction's own order.
 * @param {string} place
 * @param {number} t
 */
function before(place, t) {
  return place.endsWith(".backward") ? t + 1 : t - 1;
}

/**
 * @param {{trace: Trace, scene: any}} of
 * @param {Place} spot
 * @param {string} name
 * @param {number} units
 * @returns {Wire[]}
 */
function initial({ trace, scene }, { stack, depth, direction }, name, units) {
  if (stack === "decoder") return handedOver(trace, depth, name, units);
  const entry = scene.initial?.[depth];
  const given = direction === "backward" ? entry?.backward : entry;
  return given?.[name] ?? new Array(units).fill(0);
}

/**
 * A decoder begins with the states in which its encoder ended, both directions together.
 * @param {Trace} trace
 * @param {number} depth
 * @param {string} name
 * @param {number} units
 */
function handedOver({ encoder }, depth, name, units) {
  const ends = (encoder?.layers[depth]?.directions ?? []).flatMap(({ direction, values }) => values[name]?.at(direction === "backward" ? 0 : -1) ?? []);
  return ends.length === units ? ends : new Array(units).fill(0);
}

/**
 * What a layer's cell sees as `x` at a step: the row that is fed in, or the layer below.
 * @param {Trace} trace
 * @param {any} scene
 * @param {string} place
 * @param {number} t
 * @param {Cell[]} cells by layer
 * @returns {Wire[] | null}
 */
function inputAt(trace, scene, place, t, cells) {
  const spot = placed(trace, place);
  if (!spot) return null;
  const { stack, depth, layer } = spot;
  if (depth === 0) return fed(trace, scene, stack)[scene.network.shape === "one-to-many" ? 0 : t] ?? null;
  const below = stackOf(trace, spot)[depth - 1];
  const output = cells[layer - 1]?.output ?? "h";
  const rows = below.directions.map((direction) => direction.values[output]?.[t] ?? []);
  const described = stack === "" ? scene.network : scene.network[stack];
  const summed = described.layers[depth - 1]?.merge === "sum" && rows.length > 1;
  return summed ? null : rows.flat();
}

/**
 * The rows that are fed into the lowest layer of a stack.
 * @param {Trace} trace
 * @param {any} scene
 * @param {Stack} stack
 * @returns {Wire[][]}
 */
export function fed(trace, scene, stack) {
  return (stack === "decoder" ? trace.decoder?.inputs : scene.inputs) ?? [];
}

/**
 * The numbers of one cell at one step, as the diagram and the equations want them. An encoder has been
 * through its whole sequence when the walk begins: it is looked at where `source` says.
 * @param {{trace: Trace | null, scene: any, cells: Cell[], place: string,
 *          cursor: import("../state/model.js").Cursor, source?: number}} from
 * @returns {{values: Record<string, Wire[]> | null, gradients: Record<string, Wire[]> | null,
 *            previous: Record<string, Wire[]> | null}}
 */
export function frame({ trace, scene, cells, place, cursor, source = 0 }) {
  const spot = trace && placed(trace, place);
  const found = trace && at(trace, place);
  const t = spot?.stack === "encoder" ? source : cursor.t;
  if (!trace || !found || t === null) return { values: null, gradients: null, previous: null };
  const values = row(found.values, t);
  const cell = spot ? cells[spot.layer] : undefined;
  const x = cell && inputAt(trace, scene, place, t, cells);
  if (x) values.x = x;
  /** @type {Record<string, Wire[]>} */
  const previous = {};
  for (const name of (spot && cell?.state) ?? []) {
    const rows = found.values[name] ?? [];
    previous[name] = rows[before(place, t)] ?? initial({ trace, scene }, /** @type {Place} */ (spot), name, rows[0]?.length ?? 0);
  }
  const gradients = found.gradients ? row(found.gradients, t) : null;
  const below = spot?.depth === 0 ? (spot.stack === "decoder" ? trace.decoder_input_gradients : trace.input_gradients) : undefined;
  if (gradients && below) gradients.x = below[t];
  return { values, previous, gradients };
}

/**
 * @param {Series} all
 * @param {number} t
 * @returns {Record<string, Wire[]>}
 */
function row(all, t) {
  return Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows[t]]));
}

/**
 * The largest finite size in some rows, for a colour scale; 1 where there is none.
 * @param {Wire[][]} rows
 */
export function largest(rows) {
  let top = 0;
  for (const each of rows) {
    for (const value of each ?? []) {
      if (typeof value === "number") top = Math.max(top, Math.abs(value));
    }
  }
  return top || 1;
}

/**
 * The value an address names at a step, or null.
 * @param {Trace} trace
 * @param {string} address with a unit
 * @param {number} t
 * @param {"forward" | "backward"} pass
 * @returns {Wire | null}
 */
export function valueAt(trace, address, t, pass) {
  const match = /^(.*)\.([A-Za-z][A-Za-z0-9_]*)\[(\d+)\]$/.exec(address);
  if (!match) return null;
  return series(trace, match[1], pass)[match[2]]?.[t]?.[Number(match[3])] ?? null;
}
