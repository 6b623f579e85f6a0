// @ts-check
/** The list of messages: their order, what can still be pressed, and where it is scrolled to. */

import { button, h, icon } from "./dom.js";
import { renderEnding } from "./ending.js";
import { renderMessage } from "./render.js";

/** @import { Context, Message, Unsent } from "./types.js" */

const NEAR_END_PX = 60;
// A lost "stopped typing" must not leave the dots standing.
const TYPING_MS = 15_000;
const SAME_MOMENT_MS = 120_000;
const DAY_MS = 86_400_000;

/** @param {Context} context @param {HTMLElement} start shown while nothing has been said */
export function createLog(context, start) {
  const { texts, locale, signal } = context;
  const list = h("div");
  const ending = h("div");
  const dots = h("div.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  const notice = h("p", { part: "notice" });
  const attributes = { part: "log", role: "log", tabindex: 0, "aria-label": texts.log };
  const element = h("div", { ...attributes, "aria-live": "polite" });
  element.append(start, list, dots, ending, notice);
  /** @type {Map<string, HTMLElement>} */
  const unsent = new Map();
  let typingTimer = 0;
  let isLoading = false;
  // The first message that the shopper has not seen.
  let newFrom = Infinity;

  const scrollToEnd = () => {
    element.scrollTop = element.scrollHeight;
  };
  // Leads to new messages below; it stands outside of the live region.
  const newest = button(scrollToEnd, texts.newest, icon("down"));
  newest.className = "newest";

  const isAtEnd = () =>
    element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;

  /** @returns {HTMLElement[]} */
  const nodes = () => [...list.querySelectorAll(/** @type {"p"} */ (".message"))];

  /** Goes down, but never so far that the question being answered is out of sight. */
  const reveal = () => {
    const question = nodes().findLast(({ dataset }) => dataset.sender === "shopper");
    scrollToEnd();
    if (question) element.scrollTop = Math.min(element.scrollTop, question.offsetTop - 12);
  };

  /**
   * Joins what one sender said in a row, marks where a day or the new messages begin, and closes
   * choices that something newer overtook.
   */
  const arrange = () => {
    let overtaken = false;
    const all = nodes();
    for (const [index, node] of [...all.entries()].reverse()) {
      const before = all[index - 1];
      const isNew = seqOf(node) >= newFrom && seqOf(before) < newFrom;
      const marks = [dayBetween(before, node, locale), isNew && texts.newest].filter(Boolean);
      node.dataset.mark = marks.join(" · ");
      node.classList.toggle("joined", !marks.length && isOneMoment(before, node));
      const offers = node.querySelectorAll("[data-offers]");
      if (overtaken) offers.forEach(close);
      overtaken ||= offers.length > 0 || node.dataset.sender === "shopper";
    }
  };

  /** @param {boolean} typing */
  const showTyping = (typing) => {
    clearTimeout(typingTimer);
    const follows = isAtEnd();
    dots.hidden = !typing;
    if (typing) typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
    if (typing && follows) reveal();
  };

  /** @param {string} text what is wrong with the connection; "" when nothing is */
  const notify = (text) => {
    notice.hidden = !text;
    notice.textContent = text;
  };

  /** @param {boolean} ended */
  const setEnded = (ended) => {
    ending.replaceChildren(ended ? renderEnding(context) : "");
    if (ended) scrollToEnd();
  };

  const clear = () => {
    list.replaceChildren();
    unsent.clear();
    newest.hidden = true;
    showTyping(false);
    notify("");
    setEnded(false);
  };

  /** @param {Unsent} item */
  const addUnsent = ({ client_id, text, at }) => {
    if (unsent.has(client_id)) return;
    const node = renderMessage({ seq: 0, id: "", sender: "shopper", text, at }, context);
    node.append(h("p.fate", texts.sending));
    unsent.set(client_id, node);
    list.append(node);
    arrange();
    scrollToEnd();
  };

  const watch = () => (newest.hidden ||= isAtEnd());
  element.addEventListener("scroll", watch, { signal, passive: true });
  signal.addEventListener("abort", () => clearTimeout(typingTimer));
  clear();

  return {
    element,
    newest,
    clear,
    scrollToEnd,
    showTyping,
    notify,
    setEnded,
    addUnsent,

    /** @param {number} seq the first message to be marked as new */
    markNew(seq) {
      newFrom = seq;
      arrange();
    },

    /** History is neither read out nor arranged one by one. @param {boolean} loading */
    setLoading(loading) {
      isLoading = loading;
      element.ariaBusy = `${loading}`;
      arrange();
      reveal();
    },

    /** @param {Message} message */
    add(message) {
      const id = message.client_id ?? "";
      const own = message.sender === "shopper";
      const follows = isAtEnd() || own;
      const node = renderMessage(message, context);
      node.dataset.seq = `${message.seq}`;
      unsent.get(id)?.remove();
      unsent.delete(id);
      const [waiting = null] = unsent.values();
      const later = nodes().find((one) => seqOf(one) > message.seq);
      list.insertBefore(node, later ?? waiting);
      if (isLoading) return;
      arrange();
      if (!own) showTyping(false);
      if (follows) reveal();
      else newest.hidden = false;
    },

    /** @param {Unsent} item */
    fail(item) {
      addUnsent(item);
      const node = unsent.get(item.client_id);
      node?.classList.add("failed");
      node?.lastElementChild?.replaceChildren(item.choice ? texts.overtaken : texts.unreadable);
      unsent.delete(item.client_id);
      scrollToEnd();
    },

    /** What follows belongs to another conversation. */
    divide() {
      for (const node of unsent.values()) node.remove();
      unsent.clear();
      showTyping(false);
      for (const node of nodes()) delete node.dataset.seq;
      list.querySelectorAll("[data-offers]").forEach(close);
      if (list.lastChild) list.append(h("p.meta", texts.divider));
    },
  };
}

/** @param {Element} group */
function close(group) {
  for (const pressed of group.querySelectorAll("button")) pressed.disabled = true;
}

/** @param {HTMLElement | undefined} node */
const seqOf = (node) => Number(node?.dataset.seq ?? 0);

/** @param {HTMLElement | undefined} node */
const timeOf = (node) => new Date(node?.dataset.at ?? Date.now());

/** @param {HTMLElement | undefined} before @param {HTMLElement} node */
const isOneMoment = (before, node) =>
  before?.dataset.sender === node.dataset.sender &&
  +timeOf(node) - +timeOf(before) < SAME_MOMENT_MS;

/**
 * The day that begins with a message; a conversation that is all from today names none.
 * @param {HTMLElement | undefined} before @param {HTMLElement} node @param {string} locale
 */
function dayBetween(before, node, locale) {
  const day = timeOf(node);
  if (!+day || timeOf(before).toDateString() === day.toDateString()) return "";
  const ago = Math.round((new Date().setHours(12) - day.setHours(12)) / DAY_MS);
  return ago < 2
    ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.max(ago, 0), "day")
    : day.toLocaleDateString(locale, { dateStyle: "long" });
}
