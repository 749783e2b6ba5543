/** The lesson inside somebody else's page. */
import { arrive } from "./embed/arrive.js";
import { answerHost } from "./embed/frame.js";
import { fullPage } from "./embed/full.js";
import { tellHeight } from "./embed/height.js";
import { seen } from "./embed/seen.js";
import { start } from "./lesson.js";
import { net } from "./net/client.js";
import { region } from "./page.js";

/** @param {any} message */
const say = (message) => window.parent.postMessage(message, "*");

arrive().then(async (here) => {
  if (!here) return;
  const player = await start(net, { ready: seen(document.documentElement) });
  fullPage(region("full"), player);
  tellHeight(document.body, say);
  answerHost(player, say);
});
