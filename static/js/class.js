/** The player of a class: the presenter's page tells, the others follow. */
import { connect } from "./class/connection.js";
import { follow, taker } from "./class/following.js";
import { keeping } from "./class/keeping.js";
import { heard, joining, lost, returned, touched } from "./class/room.js";
import { shared } from "./class/shared.js";
import { createTeller } from "./class/teller.js";
import { start } from "./lesson.js";
import { net } from "./net/client.js";
import { readPage, region } from "./page.js";
import { save } from "./saving.js";
import { createStore, derive } from "./state/store.js";
import { ask } from "./views/class/ask.js";
import { darkness } from "./views/class/darkness.js";
import { poster, sure } from "./views/class/dialogs.js";
import { dock } from "./views/class/dock.js";
import { line } from "./views/class/line.js";
import { translator } from "./words/translate.js";

const page = readPage();
const { code, address, presents } = page.room ?? { code: "", address: "", presents: false };
const kept = keeping(code);

/** The token stands in the address until the page is loaded, and in no other place that others see. */
function arrive() {
  const given = location.hash.slice(1);
  if (presents && given) kept.set("token", given);
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** The words of a class come with those of the page. @type {import("./net/client.js").Net} */
const speaking = {
  ...net,
  async catalogue(lang, part) {
    if (part) return net.catalogue(lang, part);
    return Object.assign({}, ...(await Promise.all([net.catalogue(lang), net.catalogue(lang, "classes")])));
  },
};

/**
 * @typedef {import("./class/room.js").Room} Room
 * @typedef {import("./state/store.js").Store<Room>} Store
 * @typedef {{send: (message: any) => unknown, again: () => void}} Socket
 * @typedef {Awaited<ReturnType<typeof start>>} Player
 * @typedef {{token: string | null, takeover: boolean, viewing: boolean}} Intent what this tab wants to be
 */

/** The first message of a socket. @param {Room} room @param {Intent} intent */
function hello({ secret, rev, demoted }, intent) {
  const own = { type: "hello", viewer: secret ?? kept.get("viewer"), rev };
  const { token, takeover, viewing } = intent;
  intent.takeover = false;
  return token && !viewing && !demoted ? { ...own, token, takeover } : own;
}

/**
 * Tells the class what the presenter's page shows. One that comes back goes on from its own state; at
 * first it takes the class's, then what the presenter brought from the lesson's page.
 * @param {Player} player
 * @param {Store} room
 * @param {{send: (patch: any) => void, take: (state: any) => Promise<void>, opened: () => void}} how
 */
function leading({ state, act }, room, { send, take, opened }) {
  const teller = createTeller({ send, now: () => performance.now(), later: (work, ms) => void setTimeout(work, ms) });
  const mine = () => shared(state.get(), page.lesson);
  let arrived = false;
  state.subscribe(() => room.get().presents && arrived && teller.tell(mine()));
  return {
    lost: () => teller.has(null),
    follows: () => void (arrived = true),
    refused: () => teller.missed(/** @type {any} */ (room.get().shared)),
    async welcomed() {
      const now = /** @type {any} */ (room.get().shared);
      if (!arrived) {
        arrived = true;
        await take(now);
        const brought = kept.take("state");
        if (brought) await act.restore(JSON.parse(brought));
        if (brought) opened();
      }
      teller.has(now);
      teller.tell(mine());
    },
  };
}

/**
 * What the presenter does to the class.
 * @param {Player} player
 * @param {Store} room
 * @param {{socket: Socket, token: string | null, words: () => import("./words/translate.js").Translate, poster: () => void}} how
 */
function leadership({ state, session }, room, { socket, token, words, poster: wall }) {
  const say = (/** @type {any} */ message) => socket.send(message);
  return {
    code: wall,
    lock: () => say({ type: "control", locked: !room.get().controls.locked }),
    blank: () => say({ type: "control", blank: !room.get().controls.blank }),
    gather: () => say({ type: "gather" }),
    ask: () => ask(words(), { state: state.get(), held: session.get().held }, (poll) => say({ type: "poll.open", poll })),
    handOver: () => sure(words(), { address: `${location.origin}/class/${code}#${token}` }),
    end: () => sure(words(), { done: () => say({ type: "end" }) }),
    async results() {
      const answer = await fetch(`/api/v1/rooms/${code}/results.csv`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
      const t = words();
      if (answer?.ok) save(await answer.blob(), `class-${code}.csv`);
      else room.set({ ...room.get(), refused: t("The results could not be had.") });
    },
    poll: (/** @type {string} */ what) => say({ type: `poll.${what}` }),
  };
}

/**
 * What anybody does, and who presents.
 * @param {Store} room
 * @param {Socket} socket
 * @param {Intent} intent
 */
function membership(room, socket, intent) {
  /** @param {Partial<Room>} change @param {Partial<Intent>} [wants] */
  const anew = (change, wants = {}) => {
    Object.assign(intent, wants);
    room.set({ ...room.get(), ...change });
    socket.again();
  };
  return {
    vote: (/** @type {number} */ value) => socket.send({ type: "poll.vote", value }),
    back: () => room.set(returned(room.get())),
    takeOver: () => anew({ demoted: false, taken: false }, { takeover: true, viewing: false }),
    watch: () => anew({ presents: false, taken: false }, { viewing: true }),
    again: () => anew({ link: "joining", over: 0 }),
  };
}

/** Escape returns, before the page's own keys; what is open is closed first. @param {Store} room */
function returnByKey(room) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], .arithmetic")) return;
    if (!room.get().presents) room.set(returned(room.get()));
  };
  document.addEventListener("keydown", onKey, { capture: true });
}

async function begin() {
  arrive();
  const player = await start(speaking, { addressed: false });
  const { state } = player;
  const words = () => translator(state.get().view.lang);
  const opened = () => poster(words(), { code, address, qr: region("qr") });
  const intent = { token: presents ? kept.get("token") : null, takeover: false, viewing: false };
  const locked = presents && !intent.token;
  const room = createStore(locked ? lost(joining(true), 4403) : joining(presents));
  const take = taker(player, net);
  const lead = leading(player, room, { take, opened, send: (patch) => socket.send({ type: "set", state: patch }) });

  /** @param {any} message */
  const said = (message) => {
    room.set(heard(room.get(), message));
    const now = room.get();
    if (message.type === "welcome") {
      kept.set("viewer", message.viewer);
      if (now.presents) void lead.welcomed();
      else lead.follows();
    }
    if (message.type === "error" && now.presents && now.shared) lead.refused();
    if (message.type === "demoted") lead.lost();
  };
  const gone = (/** @type {number} */ reason) => {
    lead.lost();
    room.set(lost(room.get(), reason));
  };
  /** @type {Socket} */
  const socket = locked ? { send: () => {}, again: () => {} } : connect(code, { hello: () => hello(room.get(), intent), said, lost: gone });
  follow(player, room, { take, lesson: page.lesson, touched: () => room.set(touched(room.get())) });

  const act = { ...leadership(player, room, { socket, token: intent.token, words, poster: opened }), ...membership(room, socket, intent) };
  const source = derive([state, room], ({ view }, now) => ({ lang: view.lang, room: now, code }));
  line(region("class"), source, act);
  dock(region("dock"), source, act);
  darkness(document.body, source);
  returnByKey(room);
}

begin();
