// @ts-check
/** One life of the chat in a page: what the conversation tells is shown, what is pressed is done. */

import { Conversation } from "./client.js";
import { MessageLog } from "./log.js";
import { keep, recall } from "./memory.js";
import { Panel } from "./panel.js";
import { chime } from "./sound.js";
import { Start } from "./start.js";

/** @import { Actions, Listener } from "./types.js" */
/** @import { Texts } from "./texts.js" */

// The files are served at <gateway>/web/widget/.
const GATEWAY = new URL("../../", import.meta.url).href;
const OPEN_KEY = "shop-chat open";

export class Chat {
  #host;
  #texts;
  #log;
  #start;
  /** Messages that nobody has seen yet. @type {Set<number>} */
  #unread = new Set();
  #lastSeq = 0;
  #readSeq = 0;
  #counted = 0;
  #helped = false;
  panel;
  conversation;

  /**
   * @param {HTMLElement} host
   * @param {{ texts: Texts, dir?: string }} language
   * @param {string} locale of dates and money, a BCP 47 tag
   * @param {AbortSignal} signal ends everything
   */
  constructor(host, { texts, dir }, locale, signal) {
    const base = host.getAttribute("base-url")?.replace(/\/?$/, "/") ?? GATEWAY;
    this.#host = host;
    this.#texts = texts;
    const context = { texts, dir, locale, signal, actions: this.#actions() };
    this.#start = new Start(context);
    this.#log = new MessageLog(context, this.#start.element);
    this.panel = new Panel(context, this.#log.element, this.#log.newest);
    const address = new URL(base, document.baseURI).href;
    this.conversation = new Conversation(address, locale, this.#listener(), signal);
    this.#begin(this.conversation.draft);
    document.addEventListener("visibilitychange", () => this.#return(), { signal });
  }

  get unread() {
    return this.#unread.size;
  }

  /** Whether the chat stood open on the page before this one. */
  get wasOpen() {
    return recall("sessionStorage", OPEN_KEY) === true;
  }

  /** @param {boolean} [again] only as it was before a reload: nobody asked for it now */
  show(again) {
    if (this.panel.dialog.open) return;
    this.panel.show();
    keep("sessionStorage", OPEN_KEY, true);
    if (!again) this.conversation.start();
    this.#fetchHelp();
    this.#log.scrollToEnd();
    this.#return();
    this.#emit("open");
  }

  hide() {
    if (!this.panel.dialog.open) return;
    this.panel.hide();
    this.#log.markNew(Infinity);
    keep("sessionStorage", OPEN_KEY, false);
    this.#emit("close");
  }

  /** Puts a question into the composer. @param {string} question */
  prefill(question) {
    this.panel.text = question;
    this.#write(question);
  }

  label() {
    this.panel.setLabel(this.#host.getAttribute("label") ?? this.#texts.label, this.unread);
  }

  /** @param {string} name @param {object} [detail] */
  #emit(name, detail) {
    const options = { detail, bubbles: true, composed: true };
    this.#host.dispatchEvent(new CustomEvent(`shop-chat-${name}`, options));
  }

  /** @param {string} draft */
  #write(draft) {
    this.conversation.write(draft);
    this.#start.search(draft);
  }

  /** @param {string} draft what had been written already */
  #begin(draft) {
    this.#log.clear();
    this.panel.hint = this.#texts.search;
    this.#start.welcome(null);
    this.panel.text = draft;
    this.#start.search(draft);
    this.#forget(Infinity);
    this.#lastSeq = this.#readSeq = 0;
  }

  /** Needs no session, and the chat works without it. */
  #fetchHelp() {
    if (this.#helped) return;
    this.#helped = true;
    this.conversation.help().then(
      (help) => this.#start.show(help),
      () => (this.#helped = false),
    );
  }

  /** Shows where that begins which came while nobody looked. */
  #return() {
    const [first] = this.#unread;
    if (this.#look() && first) this.#log.markNew(first);
  }

  /** Whoever looks has read everything. @returns {boolean} whether somebody does */
  #look() {
    if (!this.panel.dialog.open || document.hidden) return false;
    if (this.#lastSeq > this.#readSeq) this.conversation.read(this.#lastSeq);
    this.#forget(this.#lastSeq);
    return true;
  }

  /** @param {number} seq up to which everything has been read */
  #forget(seq) {
    this.#readSeq = Math.max(this.#readSeq, seq);
    for (const one of this.#unread) if (one <= seq) this.#unread.delete(one);
    this.#count();
  }

  #count() {
    this.label();
    if (this.unread === this.#counted) return;
    this.#counted = this.unread;
    this.#emit("unread", { count: this.unread });
  }

  /** @param {import("./types.js").Message} message @param {boolean} history */
  #receive(message, history) {
    this.#log.add(message);
    this.panel.hint = this.#texts.composer;
    if (message.sender !== "shopper") {
      this.#lastSeq = Math.max(this.#lastSeq, message.seq);
      if (message.seq > this.#readSeq) this.#unread.add(message.seq);
      if (!history) chime();
    }
    if (history) return;
    if (!this.#look()) this.#count();
    this.#emit("message", message);
  }

  async #save() {
    try {
      const url = URL.createObjectURL(await this.conversation.transcript());
      const download = `${this.#texts.log} ${new Date().toISOString().slice(0, 10)}.txt`;
      Object.assign(document.createElement("a"), { href: url, download }).click();
      setTimeout(() => URL.revokeObjectURL(url));
    } catch {
      this.#log.notify(this.#texts.failed);
    }
  }

  /** @returns {Actions} */
  #actions() {
    const refocus = () => {
      // The pressed button is gone or disabled; on a phone the composer would raise the keyboard.
      if (matchMedia("(pointer: coarse)").matches) this.#log.element.focus();
      else this.panel.focus();
    };
    return {
      choose: ({ id, title }) => {
        this.conversation.send(title, id);
        refocus();
      },
      ask: (text, instead) => {
        if (instead) this.prefill("");
        this.conversation.send(text);
        refocus();
      },
      send: (text) => this.conversation.send(text),
      write: (draft) => this.#write(draft),
      toggle: () => this.#host.toggleAttribute("open") && this.panel.focus(),
      close: () => this.#host.removeAttribute("open"),
      restart: () => {
        void this.conversation.restart();
        refocus();
      },
      end: () => void this.conversation.end().catch(() => this.#log.notify(this.#texts.failed)),
      save: () => void this.#save(),
      say: (text) => this.panel.say(text),
      vote: (id, helpful) => this.conversation.vote(id, helpful),
      rate: (stars, comment) => this.conversation.rate(stars, comment),
    };
  }

  /** @returns {Listener} */
  #listener() {
    const log = this.#log;
    return {
      message: (message, history) => this.#receive(message, history),
      unsent: (item) => log.addUnsent(item),
      failed: (item, status) => {
        log.fail(item, status);
        // So that the shopper can shorten or correct it.
        if (!item.choice && !this.panel.text) this.prefill(item.text);
      },
      typing: (typing) => log.showTyping(typing),
      loading: (loading) => {
        log.setLoading(loading);
        if (!loading && !this.#look()) this.#count();
      },
      state: (state) => {
        this.panel.setState(state);
        log.setEnded(state === "closed");
      },
      customer: (name) => this.#start.welcome(name),
      read: (seq) => this.#forget(seq),
      notice: (notice, seconds) => {
        log.notify(notice && this.#texts.notices[notice](seconds ?? 0));
        if (notice === "refused") this.#emit("identity-refused");
      },
      renewed: () => log.divide(),
      reset: (draft) => this.#begin(draft),
    };
  }
}
