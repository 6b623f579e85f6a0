// @ts-check
/** One life of the chat in a page: what the conversation tells is shown, what is pressed is done. */

import { createConversation } from "./client.js";
import { createLog } from "./log.js";
import { keep, recall } from "./memory.js";
import { createPanel } from "./panel.js";
import { chime } from "./sound.js";
import { createStart } from "./start.js";

/** @import { Actions, Listener, Message } from "./types.js" */
/** @import { Texts } from "./texts.js" */

// The files are served at <gateway>/web/widget/.
const GATEWAY = new URL("../../", import.meta.url).href;
// Some browsers begin to read a download only after a while.
const DOWNLOAD_MS = 10_000;
const OPEN_KEY = "shop-chat open";

/**
 * @param {HTMLElement} host
 * @param {{ texts: Texts, dir?: string }} language
 * @param {string} locale of dates and money, a BCP 47 tag
 * @param {AbortSignal} signal ends everything
 */
export function createChat(host, { texts, dir }, locale, signal) {
  /** Messages that nobody has seen yet. @type {Set<number>} */
  const unread = new Set();
  let lastSeq = 0;
  let readSeq = 0;
  let counted = 0;
  let helped = false;

  /** @param {string} name @param {object} [detail] */
  const emit = (name, detail) => {
    const options = { detail, bubbles: true, composed: true };
    host.dispatchEvent(new CustomEvent(`shop-chat-${name}`, options));
  };

  const refocus = () => {
    // The pressed button is gone or disabled; on a phone the composer would raise the keyboard.
    if (matchMedia("(pointer: coarse)").matches) log.element.focus();
    else panel.focus();
  };

  const label = () => panel.setLabel(host.getAttribute("label") ?? texts.label, unread.size);

  const count = () => {
    label();
    if (unread.size === counted) return;
    counted = unread.size;
    emit("unread", { count: counted });
  };

  /** @param {number} seq up to which everything has been read */
  const forget = (seq) => {
    readSeq = Math.max(readSeq, seq);
    for (const one of unread) if (one <= seq) unread.delete(one);
    count();
  };

  /** Whoever looks has read everything. @returns {boolean} whether somebody does */
  const look = () => {
    if (!panel.dialog.open || document.hidden) return false;
    if (lastSeq > readSeq) conversation.read(lastSeq);
    forget(lastSeq);
    return true;
  };

  /** Shows where that begins which came while nobody looked. */
  const lookAgain = () => {
    const [first] = unread;
    if (look() && first) log.markNew(first);
  };

  /** @param {string} draft */
  const write = (draft) => {
    conversation.write(draft);
    start.search(draft);
  };

  /** Puts a question into the composer. @param {string} question */
  const prefill = (question) => {
    panel.setText(question);
    write(question);
  };

  /** Another conversation numbers its messages from 1 again. */
  const countAnew = () => {
    forget(Infinity);
    log.markNew(Infinity);
    lastSeq = readSeq = 0;
  };

  /** @param {string} draft what had been written already */
  const begin = (draft) => {
    log.clear();
    panel.hint(texts.search);
    start.welcome(null);
    panel.setText(draft);
    start.search(draft);
    countAnew();
  };

  /** Needs no session, and the chat works without it. */
  const fetchHelp = () => {
    if (helped) return;
    helped = true;
    conversation.help().then(start.show, () => (helped = false));
  };

  /** @param {Message} message @param {boolean} history */
  const receive = (message, history) => {
    const { seq, sender } = message;
    log.add(message);
    panel.hint(texts.composer);
    if (sender !== "shopper") {
      lastSeq = Math.max(lastSeq, seq);
      if (seq > readSeq) unread.add(seq);
      if (!history) chime();
    }
    if (history) return;
    if (!look()) count();
    emit("message", message);
  };

  const fail = () => log.notify(texts.failed);

  const save = async () => {
    const url = URL.createObjectURL(await conversation.transcript());
    const download = `${texts.log} ${new Date().toISOString().slice(0, 10)}.txt`;
    Object.assign(document.createElement("a"), { href: url, download }).click();
    setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MS);
  };

  /** @type {Actions} */
  const actions = {
    choose({ id, title }) {
      conversation.send(title, id);
      refocus();
    },
    ask(text, instead) {
      if (instead) prefill("");
      conversation.send(text);
      refocus();
    },
    send: (text) => conversation.send(text),
    write,
    toggle: () => host.toggleAttribute("open") && panel.focus(),
    close: () => host.removeAttribute("open"),
    restart() {
      conversation.restart();
      refocus();
    },
    end: () => void conversation.end().catch(fail),
    save: () => void save().catch(fail),
    say: (text) => panel.say(text),
    vote: (id, helpful) => conversation.vote(id, helpful),
    rate: (stars, comment) => conversation.rate(stars, comment),
  };

  const context = { texts, dir, locale, signal, actions };
  const start = createStart(context);
  const log = createLog(context, start.element);
  const panel = createPanel(context, log.element, log.newest);

  /** @type {Listener} */
  const listener = {
    message: receive,
    unsent: log.addUnsent,
    failed(item) {
      log.fail(item);
      // So that the shopper can shorten or correct it.
      if (!item.choice && !panel.text()) prefill(item.text);
    },
    typing: log.showTyping,
    loading(loading) {
      log.setLoading(loading);
      if (!loading && !look()) count();
    },
    state(state) {
      panel.setState(state);
      log.setEnded(state === "closed");
    },
    customer: start.welcome,
    read: forget,
    notice(notice, seconds) {
      log.notify(notice && texts.notices[notice].replace("%", `${seconds}`));
      if (notice === "refused") emit("identity-refused");
    },
    renewed() {
      log.divide();
      countAnew();
    },
    reset: begin,
  };

  const base = host.getAttribute("base-url")?.replace(/\/?$/, "/") ?? GATEWAY;
  const address = new URL(base, document.baseURI).href;
  const conversation = createConversation(address, locale, listener, signal);
  begin(conversation.draft);
  panel.setState("bot");
  document.addEventListener("visibilitychange", lookAgain, { signal });

  return {
    panel,
    conversation,
    label,
    prefill,
    unread: () => unread.size,

    /** Whether the chat stood open on the page before this one. */
    wasOpen: () => recall("sessionStorage", OPEN_KEY),

    /** @param {boolean} [again] only as it was before a reload: nobody asked for it now */
    show(again) {
      if (panel.dialog.open) return;
      panel.show();
      keep("sessionStorage", OPEN_KEY, true);
      if (!again) conversation.start();
      fetchHelp();
      log.scrollToEnd();
      lookAgain();
      emit("open");
    },

    hide() {
      if (!panel.dialog.open) return;
      panel.hide();
      log.markNew(Infinity);
      keep("sessionStorage", OPEN_KEY, false);
      emit("close");
    },
  };
}

/** @typedef {ReturnType<typeof createChat>} Chat */
