/**
 * The socket of a room, which comes back by itself: a little later each time, and not all at once.
 */
import { FINAL } from "./room.js";

const FIRST = 250; // ms
const LONGEST = 2000;
const ASLEEP = 20_000;

/**
 * How long to wait before trying again.
 * @param {number} attempt from 0
 * @param {() => number} [random] from 0 to 1
 */
export function pause(attempt, random = Math.random) {
  return Math.min(LONGEST, FIRST * 2 ** attempt) * (0.5 + random() / 2);
}

/**
 * @param {string} code of the room
 * @param {{hello: () => any, said: (message: any) => void, lost: (code: number) => void}} page
 */
export function connect(code, { hello, said, lost }) {
  const url = new URL(`/api/v1/rooms/${code}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let over = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const open = () => {
    clearTimeout(timer);
    const mine = new WebSocket(url);
    socket = mine;
    mine.addEventListener("open", () => mine.send(JSON.stringify(hello())));
    mine.addEventListener("message", ({ data }) => {
      if (socket !== mine) return;
      const message = JSON.parse(data);
      if (message.type === "welcome") attempt = 0;
      said(message);
    });
    mine.addEventListener("close", ({ code: reason }) => socket === mine && gone(reason));
  };
  /** @param {number} reason */
  const gone = (reason) => {
    const before = socket;
    socket = null;
    before?.close();
    lost(reason);
    clearTimeout(timer);
    over = FINAL.includes(reason);
    if (!over) timer = setTimeout(open, pause(attempt++));
  };
  const again = () => {
    [attempt, over] = [0, false];
    const before = socket;
    socket = null;
    before?.close();
    open();
  };

  // A browser may take minutes to find out that nobody is there any more.
  let hidden = 0;
  window.addEventListener("offline", () => socket && gone(0));
  window.addEventListener("online", () => !socket && !over && again());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (socket && Date.now() - hidden > ASLEEP) again();
  });
  open();
  return {
    again,
    /** @param {any} message dropped while there is nobody to hear it */
    send: (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
  };
}
