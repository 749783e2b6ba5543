/**
 * What a page knows of its class: a value, and what a message or the reader makes of it. `turn` counts
 * the times the page should take the lecturer's state.
 */

/**
 * @typedef {{locked: boolean, blank: boolean, gather: number}} Controls
 * @typedef {{scene: any, cursor: any, view: any}} Shared
 * @typedef {Record<string, any> & {id: number, phase: "open" | "locked" | "revealed", question: string,
 *            choices: string[] | null, vote: number | null, votes: number}} Poll
 * @typedef {{link: "joining" | "here" | "lost" | "alone" | "over", over: number, presents: boolean, demoted: boolean,
 *            taken: boolean, secret: string | null, rev: number, shared: Shared | null, controls: Controls,
 *            viewers: number, following: boolean, turn: number, poll: Poll | null, refused: string}} Room
 *   `lost`: the server is not reached, and will be asked again; `alone`: it goes on without its broker;
 *   `over` for good, with the code the socket closed with; `taken`: another device presents
 */

/** After these a client does not come back by itself. */
export const FINAL = [4403, 4404, 4409, 4410];

/** @param {boolean} presents @returns {Room} */
export function joining(presents) {
  return {
    link: "joining", over: 0, presents, demoted: false, taken: false, secret: null, rev: 0, shared: null,
    controls: { locked: false, blank: false, gather: 0 }, viewers: 0, following: true, turn: 0, poll: null, refused: "",
  };
}

/** @type {Record<string, Poll["phase"]>} */
const PHASES = { poll: "open", "poll.locked": "locked", "poll.result": "revealed" };

/** @param {any} message @param {Poll | null} before @returns {Poll} */
function polled({ type, ...poll }, before) {
  const known = before?.id === poll.id ? before : null;
  return { vote: known?.vote ?? null, votes: known?.votes ?? 0, ...poll, phase: PHASES[type] };
}

/** @param {Poll | null} poll @param {Partial<Poll>} change */
function changed(poll, change) {
  return /** @type {Poll} */ ({ ...poll, ...change });
}

/** @param {Room} room @param {{rev: number, state: Shared, controls: Controls}} message @returns {Room} */
function moved(room, { rev, state, controls }) {
  const called = controls.gather > room.controls.gather || controls.locked;
  const following = room.following || called;
  const turn = following && !room.presents ? room.turn + 1 : room.turn;
  return { ...room, rev, shared: state, controls, following, turn };
}

/** @type {Record<string, (room: Room, message: any) => Room>} */
const HEARD = {
  welcome: (room, { role, viewer, viewers, offline, poll, ...rest }) => {
    const link = offline ? "alone" : "here";
    const presents = role === "presenter";
    const own = { ...room, link, presents, secret: viewer, viewers, taken: false, refused: "", demoted: room.demoted && !presents };
    return { ...moved(/** @type {Room} */ (own), rest), poll: poll && polled(poll, room.poll) };
  },
  state: (room, message) => (message.rev < room.rev ? room : moved({ ...room, refused: "" }, message)),
  poll: (room, message) => ({ ...room, poll: polled(message, room.poll), refused: "" }),
  "poll.locked": (room, message) => ({ ...room, poll: polled(message, room.poll) }),
  "poll.result": (room, message) => ({ ...room, poll: polled(message, room.poll) }),
  "poll.closed": (room) => ({ ...room, poll: null }),
  "poll.voted": (room, { id, value }) => (room.poll?.id === id ? { ...room, poll: changed(room.poll, { vote: value }) } : room),
  "poll.count": (room, { id, votes }) => (room.poll?.id === id ? { ...room, poll: changed(room.poll, { votes }) } : room),
  viewers: (room, { viewers }) => ({ ...room, viewers }),
  demoted: (room) => ({ ...room, presents: false, demoted: true, following: true, turn: room.turn + 1 }),
  offline: (room) => ({ ...room, link: "alone" }),
  online: (room) => ({ ...room, link: "here", turn: room.following && !room.presents ? room.turn + 1 : room.turn }),
  end: (room) => lost(room, 4410),
  error: (room, { code, detail }) => (code === "taken" ? { ...room, taken: true } : { ...room, refused: detail }),
};

/**
 * @param {Room} room
 * @param {any} message from the server; one of a kind not known yet changes nothing
 * @returns {Room}
 */
export function heard(room, message) {
  return Object.hasOwn(HEARD, message.type) ? HEARD[message.type](room, message) : room;
}

/** @param {Room} room @param {number} code the socket closed with @returns {Room} */
export function lost(room, code) {
  if (room.link === "over") return room;
  return FINAL.includes(code) ? { ...room, link: "over", over: code } : { ...room, link: "lost" };
}

/**
 * The reader did something with the page. Who is kept with the lecturer is brought back; who has lost
 * the class may step alone, and is in step again with the next welcome.
 * @param {Room} room
 * @returns {Room}
 */
export function touched(room) {
  if (room.presents || room.link !== "here" || !room.following) return room;
  return room.controls.locked ? { ...room, turn: room.turn + 1 } : { ...room, following: false };
}

/** @param {Room} room @returns {Room} */
export function returned(room) {
  return room.following ? room : { ...room, following: true, turn: room.turn + 1 };
}
