/**
 * The poll: students answer, the presenter counts, locks, reveals, asks again.
 */
import { h, keyed } from "../../dom.js";
import { printed } from "../../model/number.js";
import { translator } from "../../words/translate.js";

/**
 * @typedef {import("./line.js").Slice} Slice
 * @typedef {import("../../class/room.js").Poll} Poll
 * @typedef {import("../../words/translate.js").Translate} Translate
 * @typedef {{vote: (value: number) => void, poll: (what: "lock" | "reveal" | "again" | "close") => void}} Act
 */

/** @param {Poll} poll @param {any} value @param {Translate} t */
function named({ choices }, value, t) {
  return choices ? choices[value] : printed(value, t("not a number"));
}

/**
 * What a student answers with.
 * @param {Poll} poll
 * @param {Translate} t
 * @param {Act} act
 */
function answering({ choices }, t, act) {
  if (choices) {
    const buttons = choices.map((text, index) =>
      h("button", { type: "button", class: "poll-choice", "aria-pressed": "false", on: { click: () => act.vote(index) } }, text),
    );
    return h("div", { class: "poll-choices", role: "group", "aria-label": t("Your answer") }, ...buttons);
  }
  const box = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": t("Your answer, a number") });
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = Number(box.value.trim().replace(/^[−–]/, "-").replace(",", "."));
    const wrong = box.value.trim() === "" || !Number.isFinite(value);
    box.setAttribute("aria-invalid", String(wrong));
    if (!wrong) act.vote(value);
  };
  return h("form", { class: "poll-number", novalidate: true, on: { submit: send } }, box, h("button", { class: "pill" }, t("Send")));
}

/**
 * The votes as a table, each row with its bar.
 * @param {Poll} poll
 * @param {Translate} t
 */
function result(poll, t) {
  const { histogram, votes, others, answer, correct, vote } = poll;
  const most = Math.max(1, ...histogram.map((/** @type {any} */ each) => each.votes));
  const said = answer === null ? t("{votes} answered.", { votes }) : t("{correct} of {votes} right. The answer is {answer}.", { correct, votes, answer: named(poll, answer, t) });
  const rows = histogram.map((/** @type {{value: number, votes: number}} */ { value, votes: count }) =>
    h("tr", { "data-right": poll.choices !== null && value === answer },
      h("th", { scope: "row" }, named(poll, value, t)),
      h("td", { class: "poll-count" }, String(count)),
      h("td", { class: "poll-bar", "aria-hidden": "true" }, h("span", { style: `width: ${(100 * count) / most}%` }))),
  );
  const rest = others > 0 ? [h("p", null, t("{others} other answers.", { others }))] : [];
  const own = vote === null ? [] : [h("p", null, t("Your answer: {answer}", { answer: named(poll, vote, t) }))];
  const table = h("table", { class: "poll-result" },
    h("thead", { class: "visually-hidden" }, h("tr", null, h("th", { scope: "col" }, t("Answer")), h("th", { scope: "col" }, t("Votes")), h("td"))),
    h("tbody", null, ...rows));
  return [h("p", { class: "poll-words" }, said), ...(rows.length > 0 ? [table] : []), ...rest, ...own];
}

/**
 * @param {Poll} poll
 * @param {boolean} presents
 * @param {Translate} t
 * @param {Act} act
 */
function content(poll, presents, t, act) {
  const { phase } = poll;
  const said = h("p", { class: "poll-said", role: "status" });
  /** @param {"lock" | "reveal" | "again" | "close"} what @param {string} text */
  const button = (what, text) => h("button", { type: "button", class: "pill", "data-poll": what, on: { click: () => act.poll(what) } }, text);
  const controls = [
    phase === "open" ? button("lock", t("No more answers")) : null,
    phase === "revealed" ? null : button("reveal", t("Show the result")),
    phase === "open" ? null : button("again", t("Ask again")),
    button("close", t("Take it away")),
  ];
  const middle = phase === "revealed" ? result(poll, t) : presents || phase === "locked" ? [] : [answering(poll, t, act)];
  const rest = presents ? [h("div", { class: "class-actions" }, ...controls)] : [];
  // Folded together where it covers what its reader wants to see.
  const card = h("details", { open: true }, h("summary", null, h("h2", { class: "poll-question" }, poll.question)), ...middle, said, ...rest);
  return { card, said };
}

/**
 * @param {Poll} poll
 * @param {{presents: boolean, viewers: number}} room
 * @param {Translate} t
 */
function progress({ phase, votes, vote, ...poll }, { presents, viewers }, t) {
  if (phase === "revealed") return "";
  if (presents) return t("{votes} of {viewers} answered.", { votes, viewers });
  if (phase === "locked") return t("No more answers are taken. The result comes soon.");
  const own = /** @type {Poll} */ ({ ...poll, phase, votes, vote });
  return vote === null ? "" : t("Your answer: {answer}. It can be changed until the lecturer takes no more.", { answer: named(own, vote, t) });
}

/**
 * @param {HTMLElement} container
 * @param {import("../../state/store.js").Source<Slice>} source
 * @param {Act} act
 */
export function poll(container, source, act) {
  return keyed(
    source,
    ({ lang, room }) => JSON.stringify([lang, room.presents, room.link === "over", room.poll?.id, room.poll?.phase]),
    ({ lang, room }) => {
      const t = translator(lang);
      const shown = room.link === "over" ? null : room.poll;
      container.hidden = shown === null;
      container.setAttribute("aria-label", t("Poll"));
      const made = shown && content(shown, room.presents, t, act);
      container.replaceChildren(...(made ? [made.card] : []));
      return {
        /** @param {Slice} slice */
        update({ room: now }) {
          if (!made || !now.poll) return;
          const words = progress(now.poll, now, t);
          if (made.said.textContent !== words) made.said.textContent = words;
          const vote = now.poll.vote;
          container.querySelectorAll(".poll-choice").forEach((each, index) => each.setAttribute("aria-pressed", String(index === vote)));
        },
      };
    },
  );
}
