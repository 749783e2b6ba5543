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

async function begin() {
  arrive();
  const player = await start(speaking, { addressed: false });
  const { state, session } = player;
  const token = kept.get("token");
  const room = createStore(presents && !token ? lost(joining(true), 4403) : joining(presents));
  const take = taker(player, net);
  const teller = createTeller({
    send: (patch) => socket.send({ type: "set", state: patch }),
    now: () => performance.now(),
    later: (work, ms) => void setTimeout(work, ms),
  });
  const mine = () => shared(state.get(), page.lesson);
  let [takeover, viewing, arrived] = [false, false, false];

  const hello = () => {
    const now = room.get();
    const wants = token && !viewing && !now.demoted;
    const own = { type: "hello", viewer: now.secret ?? kept.get("viewer"), rev: now.rev };
    const asked = wants ? { ...own, token, takeover } : own;
    takeover = false;
    return asked;
  };

  /** A presenter who comes back goes on from their own page; at first the page takes the class's state. */
  const lead = async () => {
    const now = room.get();
    if (!now.shared) return;
    if (!arrived) {
      arrived = true;
      await take(now.shared);
      const brought = kept.take("state");
      if (brought) await player.act.restore(JSON.parse(brought));
      if (brought) showCode();
    }
    teller.has(now.shared);
    teller.tell(mine());
  };

  /** @param {any} message */
  const said = (message) => {
    room.set(heard(room.get(), message));
    const now = room.get();
    if (message.type === "welcome") {
      kept.set("viewer", message.viewer);
      if (now.presents) void lead();
      else arrived = true;
    }
    if (message.type === "error" && now.presents && now.shared) teller.missed(now.shared);
    if (message.type === "demoted") teller.has(null);
  };

  const socket = presents && !token
    ? { send: () => {}, again: () => {} }
    : connect(code, {
        hello,
        said,
        lost: (reason) => {
          teller.has(null);
          room.set(lost(room.get(), reason));
        },
      });

  state.subscribe(() => room.get().presents && arrived && teller.tell(mine()));
  follow(player, room, { take, lesson: page.lesson, touched: () => room.set(touched(room.get())) });

  const words = () => translator(state.get().view.lang);
  const showCode = () => poster(words(), { code, address, qr: region("qr") });
  const sending = (/** @type {any} */ message) => () => socket.send(message);
  const source = derive([state, room], ({ view }, now) => ({ lang: view.lang, room: now, code }));
  const act = {
    code: showCode,
    lock: () => socket.send({ type: "control", locked: !room.get().controls.locked }),
    blank: () => socket.send({ type: "control", blank: !room.get().controls.blank }),
    gather: sending({ type: "gather" }),
    ask: () => ask(words(), { state: state.get(), held: session.get().held }, (poll) => socket.send({ type: "poll.open", poll })),
    handOver: () => sure(words(), { address: `${location.origin}/class/${code}#${token}` }),
    end: () => sure(words(), { done: sending({ type: "end" }) }),
    async results() {
      const answer = await fetch(`/api/v1/rooms/${code}/results.csv`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
      const t = words();
      if (answer?.ok) save(await answer.blob(), `class-${code}.csv`);
      else room.set({ ...room.get(), refused: t("The results could not be had.") });
    },
    vote: (/** @type {number} */ value) => socket.send({ type: "poll.vote", value }),
    poll: (/** @type {string} */ what) => socket.send({ type: `poll.${what}` }),
    back: () => room.set(returned(room.get())),
    takeOver() {
      [takeover, viewing] = [true, false];
      room.set({ ...room.get(), demoted: false, taken: false });
      socket.again();
    },
    watch() {
      viewing = true;
      room.set({ ...room.get(), presents: false, taken: false });
      socket.again();
    },
    again: () => {
      room.set(joining(room.get().presents));
      socket.again();
    },
  };
  line(region("class"), source, act);
  dock(region("dock"), source, act);
  darkness(document.body, source);
  // Before the page's own keys; what is open is closed first.
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], .arithmetic")) return;
    if (!room.get().presents && !room.get().following) act.back();
  };
  document.addEventListener("keydown", onKey, { capture: true });
}

begin();
