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

export class MessageLog {
  #context;
  #list = h("div");
  #ending = h("div");
  #dots = h("div", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  #notice = h("p", { part: "notice" });
  /** @type {Map<string, HTMLElement>} */
  #unsent = new Map();
  #typingTimer = 0;
  #loading = false;
  /** The first message that the shopper has not seen. */
  #newFrom = Infinity;
  element;
  /** Leads to new messages below; it stands outside of the live region. */
  newest;

  /** @param {Context} context @param {HTMLElement} start shown while nothing has been said */
  constructor(context, start) {
    const { texts, signal } = context;
    this.#context = context;
    const attributes = { part: "log", tabindex: 0, "aria-label": texts.log };
    this.element = h("div", { ...attributes, role: "log", "aria-live": "polite" });
    this.element.append(start, this.#list, this.#dots, this.#ending, this.#notice);
    this.newest = button({ class: "newest" }, () => this.scrollToEnd(), texts.newest, icon("down"));
    const watch = () => (this.newest.hidden ||= this.#isAtEnd());
    this.element.addEventListener("scroll", watch, { signal, passive: true });
    signal.addEventListener("abort", () => clearTimeout(this.#typingTimer));
    this.clear();
  }

  clear() {
    this.#list.replaceChildren();
    this.#unsent.clear();
    this.newest.hidden = true;
    this.showTyping(false);
    this.notify("");
    this.setEnded(false);
  }

  /** @param {boolean} ended */
  setEnded(ended) {
    this.#ending.replaceChildren(...(ended ? [renderEnding(this.#context)] : []));
    if (ended) this.scrollToEnd();
  }

  /** @param {number} seq the first message to be marked as new */
  markNew(seq) {
    this.#newFrom = seq;
    this.#arrange();
  }

  /** @param {string} text what is wrong with the connection; "" when nothing is */
  notify(text) {
    this.#notice.hidden = !text;
    this.#notice.textContent = text;
  }

  /** History is neither read out nor arranged one by one. @param {boolean} loading */
  setLoading(loading) {
    this.#loading = loading;
    this.element.setAttribute("aria-busy", `${loading}`);
    this.#arrange();
    this.#reveal();
  }

  /** @param {Message} message */
  add(message) {
    const follows = this.#isAtEnd() || message.sender === "shopper";
    const node = renderMessage(message, this.#context);
    node.dataset.seq = `${message.seq}`;
    this.#unsent.get(message.client_id ?? "")?.remove();
    this.#unsent.delete(message.client_id ?? "");
    const later = this.#nodes.find(({ dataset }) => Number(dataset.seq) > message.seq);
    const [unsent = null] = this.#unsent.values();
    this.#list.insertBefore(node, later ?? unsent);
    if (this.#loading) return;
    this.#arrange();
    if (message.sender !== "shopper") this.showTyping(false);
    if (follows) this.#reveal();
    else this.newest.hidden = false;
  }

  /** @param {Unsent} item */
  addUnsent({ client_id, text, at }) {
    if (this.#unsent.has(client_id)) return;
    const node = renderMessage({ seq: 0, id: "", sender: "shopper", text, at }, this.#context);
    node.append(h("p", { class: "fate" }, this.#context.texts.sending));
    this.#unsent.set(client_id, node);
    this.#list.append(node);
    this.#arrange();
    this.scrollToEnd();
  }

  /** @param {Unsent} item @param {number} status */
  fail(item, status) {
    this.addUnsent(item);
    const node = this.#unsent.get(item.client_id);
    node?.classList.add("failed");
    node?.lastElementChild?.replaceChildren(this.#context.texts.failure(status));
    this.#unsent.delete(item.client_id);
    this.scrollToEnd();
  }

  /** What follows belongs to another conversation. */
  divide() {
    for (const node of this.#unsent.values()) node.remove();
    this.#unsent.clear();
    this.showTyping(false);
    for (const node of this.#nodes) delete node.dataset.seq;
    this.#list.querySelectorAll("[data-offers]").forEach(close);
    if (this.#list.lastChild)
      this.#list.append(h("p", { class: "meta" }, this.#context.texts.divider));
  }

  /** @param {boolean} typing */
  showTyping(typing) {
    clearTimeout(this.#typingTimer);
    const follows = this.#isAtEnd();
    this.#dots.hidden = !typing;
    if (typing) this.#typingTimer = setTimeout(() => this.showTyping(false), TYPING_MS);
    if (typing && follows) this.#reveal();
  }

  scrollToEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** @returns {HTMLElement[]} */
  get #nodes() {
    return [...this.#list.querySelectorAll(/** @type {"p"} */ (".message"))];
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** Goes down, but never so far that the question being answered is out of sight. */
  #reveal() {
    const question = this.#nodes.findLast(({ dataset }) => dataset.sender === "shopper");
    this.scrollToEnd();
    if (question)
      this.element.scrollTop = Math.min(this.element.scrollTop, question.offsetTop - 12);
  }

  /**
   * Joins what one sender said in a row, marks where a day or the new messages begin, and closes
   * choices that something newer overtook.
   */
  #arrange() {
    const { texts, locale } = this.#context;
    let overtaken = false;
    const nodes = this.#nodes;
    for (const [index, node] of [...nodes.entries()].reverse()) {
      const before = nodes[index - 1];
      const seq = (/** @type {HTMLElement | undefined} */ one) => Number(one?.dataset.seq ?? 0);
      const isNew = seq(node) >= this.#newFrom && seq(before) < this.#newFrom;
      const marks = [dayBetween(before, node, locale), isNew && texts.newest].filter(Boolean);
      node.dataset.mark = marks.join(" · ");
      node.classList.toggle("joined", !marks.length && isOneMoment(before, node));
      const offers = node.querySelectorAll("[data-offers]");
      if (overtaken) offers.forEach(close);
      overtaken ||= offers.length > 0 || node.dataset.sender === "shopper";
    }
  }
}

/** @param {Element} group */
function close(group) {
  for (const pressed of group.querySelectorAll("button")) pressed.disabled = true;
}

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
