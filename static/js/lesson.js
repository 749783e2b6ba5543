/**
 * The lesson page, put together: state, actions, views. Nothing else knows all three.
 */
import { followAddress } from "./actions/address.js";
import { watchExplanation, watchTrace } from "./actions/asking.js";
import { remembering } from "./actions/remembering.js";
import { watchWorkings } from "./actions/workings.js";
import { createActions } from "./actions/index.js";
import { listen } from "./keys.js";
import { controlsOf, readPage, region } from "./page.js";
import { openDialog, watchPanels } from "./panels.js";
import { recall, remember } from "./preferences.js";
import { slices } from "./slices.js";
import { beginning } from "./state/model.js";
import { createScenes } from "./state/scenes.js";
import { emptySession } from "./state/session.js";
import { createStore } from "./state/store.js";
import { announcer } from "./views/announcer.js";
import { bar } from "./views/bar.js";
import { blank, fullScreen } from "./views/blank.js";
import { cell } from "./views/cell.js";
import { dress } from "./views/dress.js";
import { equations } from "./views/equations.js";
import { help } from "./views/help.js";
import { narration } from "./views/narration.js";
import { problem } from "./views/problem.js";
import { question } from "./views/question.js";
import { scrolling } from "./views/scrolling.js";
import { strip } from "./views/strip.js";
import { table } from "./views/table.js";
import { tabs } from "./views/tabs.js";
import { tools } from "./views/tools.js";
import { transport } from "./views/transport.js";
import { patchOf } from "./words/phrases.js";
import { register } from "./words/translate.js";

/**
 * @param {import("./page.js").Page} page
 * @param {import("./net/client.js").Net} client
 */
function world(page, client) {
  const query = new URLSearchParams(location.search);
  const theme = page.embedded ? page.theme : (recall("theme") ?? page.theme);
  const scenes = createScenes(page.lesson, page.cells, page.notations);
  const start = beginning(scenes, query, { lang: page.lang, theme });
  const state = createStore(start);
  const session = createStore(emptySession(recall("single-keys") !== "off"));
  const net = { ...client, explain: remembering(client.explain) };
  return { state, session, scenes, net, start, remember, query };
}

/**
 * @param {ReturnType<typeof slices>} part
 * @param {import("./actions/index.js").Actions & {share: () => void, describe: import("./net/client.js").Net["describe"]}} act
 * @param {import("./page.js").Page} page
 */
function show(part, act, { lesson, embedded, exported }) {
  dress(document, part.settings, lesson);
  if (!embedded) {
    bar(region("settings"), part.settings, act);
    if (!exported) tools(region("tools"), part.tools, act);
  }
  tabs(region("tabs"), part.tabs, act);
  narration(region("narration"), part.narration, { follow: (set) => act.restore(patchOf(set, lesson.id)) });
  question(region("question"), part.question, act);
  for (const id of ["narration", "question", "equations"]) scrolling(region(id));
  strip(region("strip"), part.picture, act);
  cell(region("cell"), part.cell, act);
  equations(region("equations"), part.equations, act);
  table(region("table"), part.picture, act);
  transport(region("transport"), part.transport, act);
  announcer(region("live"), part.sentence);
  problem(region("problem"), part.problem);
  help(/** @type {HTMLDialogElement} */ (region("help")), part.help, act);
}

/**
 * @param {import("./net/client.js").Net} client who answers: a server, or the page's own file
 * @param {{ready?: Promise<void>, addressed?: boolean}} [how] numbers are asked for once it is `ready`, at once
 *   otherwise; the state stands in the address unless the page is not `addressed`
 */
export async function start(client, { ready, addressed = true } = {}) {
  const page = readPage();
  register(page.lang, page.messages);
  const all = world(page, client);
  const { state, session, query } = all;
  const act = createActions(all);
  await act.setLanguage(all.start.view.lang);
  const controls = page.embedded ? controlsOf(query) : "full";
  const unreadable = () => session.set({ ...session.get(), problem: { about: "address", title: "", detail: "", errors: [] } });
  if (addressed) await followAddress({ state, start: all.start, restore: act.restore, unreadable });
  const part = slices(state, session, { scenes: all.scenes, controls, studio: page.studio });
  show(part, { ...act, describe: client.describe, share: () => openDialog(session, "share", { source: part.share }, act) }, page);
  listen(document, { singleKeys: () => session.get().singleKeys, framed: page.embedded }, {
    next: act.next,
    back: act.back,
    first: act.first,
    last: act.last,
    close: act.close,
    play: act.togglePlay,
    level: act.nextLevel,
    blank: () => blank(document.body, () => state.get().view.lang),
    full: fullScreen,
    help: () => act.help(true),
    edit: () => act.openPanel(session.get().panel === "edit" ? null : "edit"),
    undo: act.undo,
    redo: act.redo,
  });
  const beside = { ...all, pictureOf: part.pictureOf, tabs: part.tabs };
  const drawers = Object.fromEntries(["charts", "compare", "training"].map((name) => [name, { source: part.picture, how: beside }]));
  if (!page.embedded && !page.exported) watchPanels(session, { edit: { source: part.edit, how: { section: page.studio ? "network" : "inputs" } }, ...drawers }, act);
  if (page.studio) act.openPanel("edit");
  const work = () => {
    watchTrace(all);
    watchExplanation(all);
    watchWorkings(all, part.equations);
    if (query.has("autoplay") && query.get("autoplay") !== "0") act.play();
    document.documentElement.dataset.ready = "true";
  };
  if (ready) ready.then(work);
  else work();
  return { state, session, act };
}
