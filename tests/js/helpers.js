/** A lesson, a cell and a trace small enough to read, for the tests of this folder. */

export const lesson = {
  id: "tiny",
  title: { en: "Tiny", zh: "小" },
  summary: { en: "A tiny lesson", zh: "一课" },
  scenes: [
    { id: "one", title: { en: "One", zh: "一" }, scene: { inputs: [[1], [2], [3]], network: { layers: [{ cell: "c" }] } }, cells: ["c"], readout: null },
    { id: "two", title: { en: "Two", zh: "二" }, scene: { inputs: [[1], [2]], network: { layers: [{ cell: "c" }] } }, cells: ["c"], readout: null },
  ],
  narration: [],
  questions: [],
};

export const cell = {
  id: "lstm",
  title: { en: "LSTM", zh: "LSTM" },
  state: ["h", "c"],
  output: "h",
  equations: [
    { name: "f", role: "forget", notations: {} },
    { name: "c", role: "memory", notations: {} },
    { name: "h", role: "hidden", notations: {} },
  ],
  graph: { nodes: [{ id: "f", name: "f", kind: "gate" }, { id: "c", name: "c", kind: "state" }], edges: [] },
  symbols: {},
};

export const scene = { inputs: [[3], [4]], network: { layers: [{ cell: "lstm", units: 1 }], shape: "many-to-many" } };

export const trace = {
  id: "t",
  steps: 2,
  layers: [
    {
      cell: "lstm",
      directions: [
        {
          direction: "forward",
          values: { f: [[1], [0]], c: [[3], [-4]], h: [[3], [-4]] },
          gradients: { f: [[0], [3]], c: [[1], [1]], h: [[1], [1]] },
          parameters: {},
        },
      ],
    },
  ],
  readout: null,
  outputs: [[3], [-4]],
  loss: null,
  input_gradients: [[5], [6]],
  non_finite: null,
};

/** The words as they are, filled in. */
export const t = (/** @type {string} */ msgid, /** @type {Record<string, any>} */ vars = {}) =>
  msgid.replace(/\{(\w+)\}/g, (whole, name) => String(vars[name] ?? whole));
