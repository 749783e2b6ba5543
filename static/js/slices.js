/**
 * The piece of state each view draws, derived from the page's state and what the session holds.
 */
import { progress, framed, isReached, reachedAt, stagesOf } from "./model/stages.js";
import { frame, at, cellAt, placed, places, series, valueAt } from "./model/trace.js";
import { drawn as onPage } from "./state/drawn.js";
import { originOf } from "./state/model.js";
import { derive } from "./state/store.js";
import { sentence } from "./words/sentences.js";
import { stageWords } from "./words/stages.js";
import { inLanguage, translator } from "./words/translate.js";

/**
 * @typedef {import("./state/model.js").State} State
 * @typedef {import("./state/model.js").Lesson} Lesson
 * @typedef {import("./state/session.js").Session} Session
 * @typedef {import("./state/scenes.js").Scenes} Scenes
 */

/**
 * What every picture of a scene needs. `key` is kept while only numbers change; `content` names exactly
 * the scene that is drawn, as answers about it are kept under.
 * @param {State} state
 * @param {Session} session
 * @param {{scenes: Scenes}} page
 */
function picture(state, session, { scenes }) {
  const { cursor, view } = state;
  const { key, shown, trace, steps } = onPage(state, session, scenes);
  const known = trace ? places(trace) : [];
  const own = known.find(({ stack }) => stack !== "encoder")?.place ?? "layers.0.forward";
  const place = known.some((each) => each.place === view.place) ? view.place : own;
  const { scene: document, drawn: scene, cells, readout, attention, content } = shown;
  const here = cursor.t !== null && cursor.t >= steps ? { ...cursor, t: steps - 1 } : cursor;
  const level = view.level ?? "step";
  const stages = stagesOf({ trace, cells, readoutCell: readout }, here.pass, level);
  const stage = reachedAt(stages, here, level);
  const cell = cellAt({ trace, cells }, place);
  const source = sourceOf(view, trace);
  return { key, content, document, scene, cells, cell, readoutCell: readout, attentionCell: attention, trace, cursor: here, place, source, stage, stages, steps, lang: view.lang, notation: view.notation };
}

/**
 * The step at which an encoder is looked at: its last, unless the reader chose one.
 * @param {import("./state/model.js").View} view
 * @param {import("./model/trace.js").Trace | null} trace
 */
function sourceOf({ source }, trace) {
  const last = (trace?.encoder?.steps ?? 1) - 1;
  return Number.isInteger(source) && source >= 0 && source < last ? source : last;
}

/**
 * The unrolled picture, and what is pointed at.
 * @param {ReturnType<typeof picture>} drawn
 * @param {Session} session
 */
function stripSlice(drawn, { hover }) {
  const { trace } = drawn;
  return { ...drawn, hover, stretchOf: stretchesOf(trace) };
}

/** @type {WeakMap<object, (place: string) => import("./model/trace.js").Stack>} */
const stacks = new WeakMap();

/** @param {import("./model/trace.js").Trace | null} trace */
function stretchesOf(trace) {
  if (!trace) return ALONE;
  const made = stacks.get(trace) ?? ((/** @type {string} */ place) => placed(trace, place)?.stack ?? "");
  stacks.set(trace, made);
  return made;
}

/** @returns {import("./model/trace.js").Stack} */
const ALONE = () => "";

/**
 * The numbers of the place in view, as far as the step has come.
 * @param {ReturnType<typeof picture>} drawn
 */
function frameOf(drawn) {
  return framed(frame(drawn), drawn.stage, { place: drawn.place, pass: drawn.cursor.pass });
}

/**
 * @param {ReturnType<typeof picture>} drawn
 * @param {Session} session
 */
function said(drawn, { explanation }) {
  return sentence({ ...drawn, explanation: explanation?.document ?? null, t: translator(drawn.lang) });
}

/**
 * The lesson's words for this moment; they speak of its own numbers, so an edited scene has none.
 * @param {State} state
 * @param {Scenes} scenes
 */
function entryAt({ scene, cursor }, { lesson, resolve }) {
  const id = resolve(scene)?.id ?? null;
  if (id === null) return null;
  const fits = (/** @type {any} */ entry) =>
    (entry.scene ?? id) === id && (entry.pass ?? "forward") === cursor.pass && (entry.t ?? null) === cursor.t;
  return lesson.narration?.find(fits) ?? null;
}

/**
 * The question of this moment: asked before its step, answered at it.
 * @param {State} state
 * @param {Scenes} scenes
 */
function questionAt({ scene, cursor }, { lesson, resolve }) {
  const id = resolve(scene)?.id ?? null;
  if (id === null || cursor.pass !== "forward") return { index: -1, revealed: false, earlier: -1 };
  const here = cursor.t ?? -1;
  const all = lesson.questions ?? [];
  const mine = all.map((question, index) => ({ question, index })).filter(({ question }) => (question.scene ?? id) === id);
  const asked = mine.find(({ question }) => Math.min(question.t ?? -1, question.at - 1) === here);
  const answered = mine.find(({ question }) => question.at === here);
  if (asked) return { index: asked.index, revealed: false, earlier: answered?.index ?? -1 };
  return { index: answered?.index ?? -1, revealed: answered !== undefined, earlier: -1 };
}

/**
 * A step that is on its way asks nothing new, and answers when it has come to the value.
 * @param {State} state
 * @param {Pick<ReturnType<typeof picture>, "stage" | "cursor">} drawn
 * @param {Scenes} scenes
 */
function questionUnderWay(state, { stage, cursor }, scenes) {
  if (stage.reached === null || cursor.t === null || cursor.pass === "backward") return questionAt(state, scenes);
  const before = { ...state, cursor: { ...cursor, t: cursor.t > 0 ? cursor.t - 1 : null } };
  const { index } = questionAt(before, scenes);
  const question = scenes.lesson.questions?.[index];
  if (!question || question.at > cursor.t) return { index: -1, revealed: false, earlier: -1 };
  return { index, revealed: isReached(stage, question.address.replace(/\[\d+\]$/, "")), earlier: -1 };
}

/**
 * @param {State} state
 * @param {Session} session
 * @param {{scenes: Scenes}} page
 */
function questionSlice(state, session, page) {
  const { trace, stage, cursor } = picture(state, session, page);
  const { index, revealed, earlier } = questionUnderWay(state, { stage, cursor }, page.scenes);
  const asked = (/** @type {number} */ number, /** @type {boolean} */ shown) => {
    const question = page.scenes.lesson.questions?.[number] ?? null;
    const answer = question && trace && shown ? valueAt(trace, question.address, question.at, "forward") : null;
    return { lang: state.view.lang, index: number, revealed: shown, question, answer, guess: state.view.guesses?.[number] };
  };
  const before = asked(earlier, true);
  // Where the next question follows at once, the answer to a prediction stands above it.
  return { ...asked(index, revealed), earlier: before.guess === undefined || before.answer === null ? null : before };
}

/**
 * @param {State} state
 * @param {Session} session
 * @param {{scenes: Scenes}} page
 */
function equationSlice(state, session, page) {
  const drawn = picture(state, session, page);
  const encoding = drawn.trace !== null && placed(drawn.trace, drawn.place)?.stack === "encoder";
  const cursor = encoding ? { ...drawn.cursor, t: drawn.source } : drawn.cursor;
  const { trace, place, stage, key, content, document: scene, lang, notation, cell, readoutCell } = drawn;
  const rowAt = (/** @type {string} */ part) => {
    if (!trace || !at(trace, part) || cursor.t === null) return null;
    const row = Object.entries(rowOf(series(trace, part, cursor.pass), cursor.t));
    return Object.fromEntries(row.filter(([name]) => isReached(stage, `${part}.${name}`)));
  };
  const found = trace && at(trace, place);
  return {
    key, content, scene, trace, place, lang, notation, cell, readoutCell, cursor, stage, frame: frameOf(drawn), hover: session.hover,
    attentionCell: encoding ? null : drawn.attentionCell,
    readout: rowAt("readout"),
    attention: encoding ? null : rowAt("decoder.attention"),
    parameters: found && "parameters" in found ? found.parameters : NONE,
    explanation: session.explanation,
    workings: session.workings,
  };
}

const NONE = {};

/**
 * @param {import("./model/trace.js").Series} all
 * @param {number} t
 */
function rowOf(all, t) {
  return Object.fromEntries(Object.entries(all).map(([name, rows]) => [name, rows[t]]));
}

/**
 * @param {State} state
 * @param {Session} session
 * @param {{scenes: Scenes}} page
 */
function cellSlice(state, session, page) {
  const drawn = picture(state, session, page);
  const { trace, place, cell } = drawn;
  const units = (trace && cell && series(trace, place, "forward")[cell.output]?.[0]?.length) ?? 1;
  const { key, lang, notation, steps, stages, stage, cursor } = drawn;
  const { theme } = state.view;
  const reached = progress(stages, cursor, steps);
  return { key, lang, theme, notation, place, reached, stage, cell, cursor, units, frame: frameOf(drawn), hover: session.hover };
}

/**
 * The document of the state, which may not run yet, beside the scene it was edited from; what a studio
 * begins with is no measure for what is made of it.
 * @param {State} state
 * @param {Session} session
 * @param {{scenes: Scenes, studio?: boolean}} page
 */
function editSlice(state, session, { scenes, studio = false }) {
  const { shown, trace, steps, origin } = onPage(state, session, scenes);
  const { history, began, problem } = session;
  const document = typeof state.scene === "string" ? (scenes.resolve(state.scene) ?? shown).scene : state.scene;
  return {
    lang: state.view.lang, notation: state.view.notation, document, trace, steps, cells: shown.cells, readoutCell: shown.readout,
    own: studio ? null : (scenes.resolve(origin)?.scene ?? null), studio,
    ownTrace: began?.origin === origin ? began.trace : null,
    errors: problem?.about === "numbers" ? problem.errors : NO_ERRORS,
    stretch: Math.floor((state.cursor.t ?? 0) / STRETCH),
    undoable: history.past.length > 0, redoable: history.future.length > 0, edited: typeof state.scene !== "string",
  };
}

/** @type {import("./state/session.js").FieldError[]} */
const NO_ERRORS = [];
/** Rows of a long sequence that are edited at once. */
const STRETCH = 40;

/**
 * @param {import("./state/store.js").Source<State>} state
 * @param {import("./state/store.js").Source<Session>} session
 * @param {{scenes: Scenes, studio?: boolean, controls: "full" | "step" | "none"}} page
 */
export function slices(state, session, page) {
  const { scenes } = page;
  const { lesson } = scenes;
  const both = [state, session];
  /** @template T @param {(state: State, session: Session) => T} pick */
  const part = (pick) => derive(both, /** @type {any} */ (memo(pick)));
  return {
    settings: part(({ view }) => ({ lang: view.lang, theme: view.theme, notation: view.notation, notations: scenes.notations })),
    tabs: part((now) => ({ lang: now.view.lang, key: originOf(now, lesson), ...tabsOf(lesson) })),
    narration: part((now, held) => {
      const drawn = picture(now, held, page);
      const { lang, steps, cursor, trace, stage } = drawn;
      const explanation = held.explanation?.document ?? null;
      const under = trace !== null && stage.reached !== null ? stageWords({ ...drawn, trace, explanation, t: translator(lang) }) : null;
      const entry = under ? null : entryAt(now, scenes);
      const summed = cursor.pass === "backward" && trace !== null && trace.loss === null;
      return { lang, steps, t: cursor.t, pass: cursor.pass, entry, ...under, sentence: under ? "" : said(drawn, held), summed };
    }),
    question: part((now, held) => questionSlice(now, held, page)),
    picture: part((now, held) => stripSlice(picture(now, held, page), held)),
    cell: part((now, held) => cellSlice(now, held, page)),
    equations: part((now, held) => equationSlice(now, held, page)),
    transport: part((now, held) => {
      const { lang, cursor, steps, stage, stages } = picture(now, held, page);
      const { level = "step", speed = 1, loop = false } = now.view;
      const walked = { reached: progress(stages, cursor, steps), count: Math.max(1, stages.length), stage };
      return { lang, cursor, steps, level, speed, loop, ...walked, playing: held.playing, controls: page.controls };
    }),
    sentence: part((now, held) => ({ sentence: said(picture(now, held, page), held) })),
    help: part(({ view }, { help, singleKeys }) => ({ lang: view.lang, help, singleKeys })),
    tools: part(({ view, scene }, { panel }) => ({ lang: view.lang, panel, edited: !page.studio && typeof scene !== "string" })),
    edit: part((now, held) => editSlice(now, held, page)),
    share: part((now, held) => {
      const { origin, cell, cursor, lang } = { ...picture(now, held, page), origin: originOf(now, lesson) };
      const where = cursor.t === null ? "" : `-${cursor.t + 1}`;
      return { lang, name: origin.replace("/", "-") + where, title: `${inLanguage(lesson.title, lang)}: ${inLanguage(cell?.title, lang)}` };
    }),
    /** Any scene's picture at the page's cursor. @param {State} other @param {Session} own */
    pictureOf: (other, own) => stripSlice(picture(other, own, page), own),
    problem: part(({ view }, { problem }) => ({ lang: view.lang, problem })),
  };
}

/** @type {WeakMap<Lesson, {scenes: {key: string, title: any}[]}>} */
const tabLists = new WeakMap();

/** @param {Lesson} lesson */
function tabsOf(lesson) {
  const known = tabLists.get(lesson);
  if (known) return known;
  const made = { scenes: lesson.scenes.map(({ id, title }, index) => ({ key: index === 0 ? lesson.id : `${lesson.id}/${id}`, title })) };
  tabLists.set(lesson, made);
  return made;
}

/**
 * The slice of one pair of state and session is made once, however many ask for it.
 * @template T
 * @param {(state: State, session: Session) => T} pick
 */
function memo(pick) {
  /** @type {State | undefined} */
  let state;
  /** @type {Session | undefined} */
  let session;
  /** @type {T} */
  let value;
  return (/** @type {State} */ nextState, /** @type {Session} */ nextSession) => {
    if (state !== nextState || session !== nextSession) {
      [state, session] = [nextState, nextSession];
      value = pick(nextState, nextSession);
    }
    return value;
  };
}
