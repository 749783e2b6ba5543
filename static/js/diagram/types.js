/**
 * The shapes of data in this folder: the graph that the server derives from a cell's equations,
 * the drawing made of it, and the numbers of a step. Types only; nothing runs here.
 *
 * Layout thinks in two abstract axes: `u` along the ranks (the way time flows) and `v` across the
 * lanes (from the memory down to the inputs). Across, u is x; upright, u is y.
 */

/**
 * @typedef {object} GraphNode
 * @property {string} id
 * @property {"input"|"previous"|"gate"|"candidate"|"operation"|"function"|"value"|"state"} kind
 * @property {string | null} name
 * @property {string | null} pre
 * @property {string | null} operation
 * @property {string | null} [option] the layer's option that chooses the function
 * @property {string} label
 * @property {boolean} [learned] parameters enter here
 * @property {string} role
 * @property {string} [size] "units", "outputs", "input", …
 * @property {number | null} [outlet] lane in which the value leaves the cell
 * @property {number} lane
 * @property {number} rank
 * @property {number} order
 */

/**
 * @typedef {object} GraphEdge
 * @property {string} from
 * @property {string} to
 * @property {"belt"|"gate"|"flow"} kind
 * @property {string} role
 * @property {string} value
 * @property {string | null} [gate] the gate that decides how much passes
 * @property {boolean} [inverted] one minus the gate's value passes
 */

/** @typedef {{nodes: GraphNode[], edges: GraphEdge[], lanes: number, ranks: number}} Graph */

/**
 * @typedef {object} Options
 * @property {"across"|"upright"} [orientation]
 * @property {number} [units] entries of a value whose size nothing else tells
 * @property {Record<string, number>} [sizes] entries by size name: {input: 3, outputs: 2}
 * @property {Record<string, string>} [functions] label by option: {input_activation: "id"}
 * @property {number} [width] the room there is; gaps widen to fill it, nothing shrinks
 * @property {number} [height] the room there is from top to bottom, where there is a bound
 * @property {number} [press] the share of the usual gaps from top to bottom; 1
 * @property {number} [text] the smallest text in pixels; 14, a projector wants 18
 */

/** @typedef {"valve"|"square"|"circle"|"pill"|"port"|"junction"} Shape */
/** @typedef {[number, number]} Point */
/** @typedef {{x: number, y: number, anchor: "start"|"middle"|"end"}} Spot */

/**
 * @typedef {object} Item a node on the grid, before it has coordinates
 * @property {string} id
 * @property {GraphNode | null} node null for the junction of a bus
 * @property {Shape} shape
 * @property {"in"|"out"|null} end a previous state or input; a state or output that leaves
 * @property {number} column
 * @property {number} row
 * @property {number} w
 * @property {number} h
 * @property {number} entries
 */

/**
 * @typedef {object} Link an edge between items; a bus carries several edges of the graph
 * @property {string} id
 * @property {string} from
 * @property {string} to
 * @property {GraphEdge[]} edges
 * @property {"belt"|"gate"|"flow"|"bus"} kind
 * @property {string} role
 * @property {string | null} value
 * @property {string | null} gate
 * @property {boolean} inverted
 */

/**
 * @typedef {object} DrawnNode
 * @property {string} id unique in the drawing
 * @property {string | null} ref the graph's node it stands for
 * @property {GraphNode | null} node
 * @property {Shape} shape
 * @property {"in"|"out"|null} end
 * @property {string} role
 * @property {string} tone the role whose hue it has: a product has the hue of its gate
 * @property {string} label
 * @property {number} entries
 * @property {number} x
 * @property {number} y
 * @property {number} w
 * @property {number} h
 * @property {{name?: Spot, value?: Spot, pre?: Spot}} texts
 */

/**
 * @typedef {object} DrawnEdge
 * @property {string} id
 * @property {string} from
 * @property {string} to
 * @property {string[]} carries ids "from>to" of the graph's edges
 * @property {"belt"|"gate"|"flow"|"bus"} kind
 * @property {string} role
 * @property {string | null} value
 * @property {string | null} gate
 * @property {boolean} inverted
 * @property {Point[]} points
 * @property {string} path
 * @property {number} length
 * @property {number} depth how many nodes lie before it on the longest way from the inputs
 * @property {string | null} via the edge whose line it leaves
 * @property {Point | null} dot where it leaves that line
 * @property {boolean} weighted whether parameters weight what it brings
 * @property {boolean} arrow whether it ends at a node that is entered (not a junction)
 */

/**
 * @typedef {object} Drawing
 * @property {number} width
 * @property {number} height
 * @property {"across"|"upright"} orientation
 * @property {number} text
 * @property {number} zoom how much larger it may be shown to fill the room
 * @property {{x: number, y: number, w: number, h: number}} frame
 * @property {DrawnNode[]} nodes
 * @property {DrawnEdge[]} edges
 */

/** @typedef {number | "Infinity" | "-Infinity" | "NaN"} Entry */
/** @typedef {Record<string, Entry[] | null | undefined>} Values */

/**
 * @typedef {object} Update
 * @property {Values | null} [values] this step's; x and v among them
 * @property {Values | null} [previous] by state: what the cell remembered
 * @property {Values | null} [gradients]
 * @property {string | null} [selected]
 * @property {string | null} [pointed] a value pointed at elsewhere: lit with what makes it and what it makes
 * @property {"forward"|"backward"} [pass]
 * @property {string[] | null} [reached] the values known so far, null where all of the step is
 * @property {string[]} [current] the values that are being made
 * @property {boolean} [animate]
 * @property {number | null} [unit] the one unit singled out
 * @property {(value: number) => string} [format]
 * @property {(name: string, previous: boolean) => string} [symbol] e.g. "Γ_f", "c^⟨t−1⟩"
 */

export {};
