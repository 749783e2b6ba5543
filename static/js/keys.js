/**
 * One table of keys: the listener acts on it and the help dialog shows it, so they cannot drift apart.
 * `single` marks keys that are single characters; readers can turn those off. `held` are those pressed
 * together with it: Control (Command on a Mac), and Shift.
 */

/**
 * @typedef {{keys: string[], shown: string[], command: string, label: string, single: boolean,
 *            held?: string}} Key
 */

/** @type {Key[]} */
export const KEYS = [
  { keys: ["ArrowRight", " ", "PageDown"], shown: ["→", "Space", "Page Down"], command: "next", label: "Next step", single: false },
  { keys: ["ArrowLeft", "PageUp"], shown: ["←", "Page Up"], command: "back", label: "Step back", single: false },
  { keys: ["Home"], shown: ["Home"], command: "first", label: "Before the first step", single: false },
  { keys: ["End"], shown: ["End"], command: "last", label: "Last step", single: false },
  { keys: ["Escape"], shown: ["Esc"], command: "close", label: "Close the arithmetic", single: false },
  { keys: ["l", "L"], shown: ["L"], command: "level", label: "Step by timestep, equation or operation", single: true },
  { keys: ["b", "B"], shown: ["B"], command: "blank", label: "Blank the page; any key brings it back", single: true },
  { keys: ["f", "F"], shown: ["F"], command: "full", label: "Fill the screen", single: true },
  { keys: ["p", "P"], shown: ["P"], command: "play", label: "Play or pause", single: true },
  { keys: ["?"], shown: ["?"], command: "help", label: "Keys and help", single: true },
  { keys: ["e", "E"], shown: ["E"], command: "edit", label: "Edit the scene", single: true },
  { keys: ["z", "Z"], shown: ["Ctrl", "Z"], command: "undo", label: "Undo", single: false, held: "control" },
  { keys: ["z", "Z"], shown: ["Ctrl", "Shift", "Z"], command: "redo", label: "Redo", single: false, held: "control shift" },
];

const SCROLLING = [" ", "PageDown", "PageUp", "Home", "End"];
const TYPING = "input, select, textarea, [contenteditable]";
const PRESSED_BY_SPACE = "button, a, summary, [role=button], [role=tab]";

/**
 * What is pressed together with a key, where it matters.
 * @param {KeyboardEvent} event
 * @returns {string | undefined}
 */
function heldWith({ ctrlKey, metaKey, shiftKey }) {
  if (!ctrlKey && !metaKey) return undefined;
  return shiftKey ? "control shift" : "control";
}

/**
 * Whether the focused thing wants this key for itself. Texts take back what was typed in them; in a
 * frame where nothing is focused, keys that scroll are left to the page around it.
 * @param {KeyboardEvent} event
 * @param {boolean} framed
 */
function belongsElsewhere(event, framed) {
  if (event.defaultPrevented || event.altKey) return true;
  if (framed && SCROLLING.includes(event.key) && document.activeElement === document.body) return true;
  if (document.querySelector("dialog[open]")) return true;
  if (!(event.target instanceof Element)) return false;
  if (heldWith(event)) return event.target.closest("textarea, input:not([role=spinbutton]):not([type=checkbox]), [contenteditable]") !== null;
  if (event.target.closest(TYPING)) return event.key !== "PageDown" && event.key !== "PageUp";
  return event.key === " " && event.target.closest(PRESSED_BY_SPACE) !== null;
}

/**
 * @param {EventTarget} target
 * @param {{singleKeys: () => boolean, framed: boolean}} how whether single characters act, and whether
 *   the page stands in another
 * @param {Record<string, () => void>} commands
 * @returns {() => void} stops listening
 */
export function listen(target, { singleKeys, framed }, commands) {
  const onKey = (/** @type {Event} */ raw) => {
    const event = /** @type {KeyboardEvent} */ (raw);
    const row = KEYS.find(({ keys, held }) => keys.includes(event.key) && held === heldWith(event));
    if (!row || !commands[row.command] || belongsElsewhere(event, framed)) return;
    if (row.single && !singleKeys()) return;
    event.preventDefault();
    commands[row.command]();
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}
