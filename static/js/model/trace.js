/**
 * Reading a trace: which numbers belong to a place (a layer and a direction) at a step. Nothing is
 * computed here but what is largest; every number comes from the server.
 */

/**
 * @typedef {number | "Infinity" | "-Infinity" | "NaN"} Wire a number as it travels
 * @typedef {Record<string, Wire[][]>} Series rows by step
 * @typedef {{direction: string, values: Series, gradients?: Series, parameters: any,
 *            initial_gradients?: any}} Direction
 * @typedef {{id: string, steps: number, layers: {cell: any, directions: Direction[]}[],
 *            readout: {values: Series, gradients?: Series} | null, outputs: Wire[][],
 *            loss: {total: Wire, steps: Wire[]} | null, input_gradients?: Wire[][],
 *            non_finite: any}} Trace
 * @typedef {{id: string, state: string[], output: string, equations: any[], evaluation?: string[], graph: any, symbols: any, code?: {numpy: string, pytorch: string}, chosen?: Record<string, string>,
 *            title: any, source?: string}} Cell
 */

/**
 * Every layer and direction of a trace, lowest layer first: `layers.0.forward`, …
 * @param {Trace} trace
 * @returns {{place: string, layer: number, direction: string}[]}
 */
export function places(trace) {
  return trace.layers.flatMap((layer, index) =>
    layer.directions.map(({ direction }) => ({
      place: `layers.${index}.${direction}`,
      layer: index,
      direction,
    })),
  );
}

/**
 * @param {Trace} trace
 * @param {string} place
 * @returns {Direction | {values: Series, gradients?: Series} | null}
 */
export function at(trace, place) {
  if (place === "readout") return trace.readout;
  const [, layer, direction] = place.split(".");
  const directions = trace.layers[Number(layer)]?.directions ?? [];
  return directions.find((each) => each.direction === direction) ?? null;
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
 * @param {any} scene
 * @param {string} place
 * @param {string} name
 * @param {number} units
 * @returns {Wire[]}
 */
function initial(scene, place, name, units) {
  const [, layer, direction] = place.split(".");
  const entry = scene.initial?.[Number(layer)];
  const given = direction === "backward" ? entry?.backward : entry;
  return given?.[name] ?? new Array(units).fill(0);
}

/**
 * What a layer's cell sees as `x` at a step: the scene's row, or the layer below.
 * @param {Trace} trace
 * @param {any} scene
 * @param {string} place
 * @param {number} t
 * @param {Cell[]} cells by layer
 * @returns {Wire[] | null}
 */
export function inputAt(trace, scene, place, t, cells) {
  const layer = Number(place.split(".")[1]);
  if (layer === 0) return scene.inputs?.[scene.network.shape === "one-to-many" ? 0 : t] ?? null;
  const below = trace.layers[layer - 1];
  const output = cells[layer - 1]?.output ?? "h";
  const rows = below.directions.map((direction) => direction.values[output]?.[t] ?? []);
  const summed = scene.network.layers[layer - 1]?.merge === "sum" && rows.length > 1;
  return summed ? null : rows.flat();
}

/**
 * The numbers of one cell at one step, as the diagram and the equations want them.
 * @param {{trace: Trace | null, scene: any, cells: Cell[], place: string,
 *          cursor: import("../state/model.js").Cursor}} from
 * @returns {{values: Record<string, Wire[]> | null, gradients: Record<string, Wire[]> | null,
 *            previous: Record<string, Wire[]> | null}}
 */
export function frame({ trace, scene, cells, place, cursor }) {
  const found = trace && at(trace, place);
  if (!trace || !found || cursor.t === null) return { values: null, gradients: null, previous: null };
  const t = cursor.t;
  const values = row(found.values, t);
  const cell = cells[Number(place.split(".")[1])];
  const x = cell && inputAt(trace, scene, place, t, cells);
  if (x) values.x = x;
  /** @type {Record<string, Wire[]>} */
  const previous = {};
  for (const name of cell?.state ?? []) {
    const rows = found.values[name] ?? [];
    previous[name] = rows[before(place, t)] ?? initial(scene, place, name, rows[0]?.length ?? 0);
  }
  const gradients = found.gradients ? row(found.gradients, t) : null;
  if (gradients && place.startsWith("layers.0.") && trace.input_gradients) gradients.x = trace.input_gradients[t];
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
