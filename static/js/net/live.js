/**
 * The live socket: messages out, messages in, and the news that it is gone.
 */

/**
 * @typedef {{send: (message: any) => void, close: () => void}} Live
 */

/**
 * @param {{opened: () => void, said: (message: any) => void, lost: () => void}} hear
 *   `lost` is called once, and not after `close`
 * @returns {Live}
 */
export function live({ opened, said, lost }) {
  const url = new URL("/api/v1/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    lost();
  };
  socket.addEventListener("open", () => !over && opened());
  socket.addEventListener("message", (event) => !over && said(JSON.parse(event.data)));
  socket.addEventListener("close", end);
  socket.addEventListener("error", end);
  return {
    send: (message) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
    close() {
      over = true;
      socket.close();
    },
  };
}
