// @ts-check
/** `<shop-chat>`: the element's life, its attributes, methods and events (docs/widget.md). */

import { Conversation } from "./client.js";
import { MessageLog } from "./log.js";
import { keep, recall } from "./memory.js";
import { Panel } from "./panel.js";
import { sheet } from "./style.js";
import { textsFor } from "./texts.js";

/** @import { Actions, Identity, Listener } from "./types.js" */

// The files are served at <gateway>/web/widget/.
const GATEWAY = new URL("../../", import.meta.url).href;
const OPEN_KEY = "shop-chat open";

/** The element's parts, for as long as it is in a page. */
class Chat {
  unread = 0;

  /** @param {ShopChat} host @param {AbortSignal} signal ends everything */
  constructor(host, signal) {
    const page = host.lang || document.documentElement.lang || navigator.language;
    // The browser's tag says more about dates where the language is the same: en-GB, not en.
    const same = navigator.language.split("-")[0] === page.split("-")[0];
    const locale = same ? navigator.language : page;
    const base = host.getAttribute("base-url")?.replace(/\/?$/, "/") ?? GATEWAY;
    this.host = host;
    this.texts = textsFor(locale);
    const context = { texts: this.texts, locale, signal, actions: this.#actions() };
    this.log = new MessageLog(context);
    this.panel = new Panel(context, this.log.element, this.log.newest);
    const address = new URL(base, document.baseURI).href;
    this.conversation = new Conversation(address, locale, this.#listener(), signal);
    this.panel.text = this.conversation.draft;
    this.setUnread(0);
  }

  /** @param {boolean} [again] only as it was before a reload: nobody asked for it now */
  show(again) {
    if (this.panel.dialog.open) return;
    this.panel.show();
    keep("sessionStorage", OPEN_KEY, true);
    this.setUnread(0);
    if (!again) this.conversation.start();
    this.log.scrollToEnd();
    this.emit("open");
  }

  hide() {
    if (!this.panel.dialog.open) return;
    this.panel.hide();
    keep("sessionStorage", OPEN_KEY, false);
    this.emit("close");
  }

  /** @param {number} count */
  setUnread(count) {
    this.unread = count;
    this.panel.setLabel(this.host.getAttribute("label") ?? this.texts.label, count);
  }

  /** @param {string} name @param {object} [detail] */
  emit(name, detail) {
    const options = { detail, bubbles: true, composed: true };
    this.host.dispatchEvent(new CustomEvent(`shop-chat-${name}`, options));
  }

  /** @returns {Actions} */
  #actions() {
    const refocus = () => {
      // The pressed button is gone or disabled; on a phone the composer would raise the keyboard.
      if (matchMedia("(pointer: coarse)").matches) this.log.element.focus();
      else this.panel.focus();
    };
    return {
      choose: ({ id, title }) => {
        this.conversation.send(title, id);
        refocus();
      },
      ask: (text) => {
        this.conversation.send(text);
        refocus();
      },
      send: (text) => this.conversation.send(text),
      write: (draft) => this.conversation.write(draft),
      toggle: () => this.host.toggleAttribute("open") && this.panel.focus(),
      close: () => this.host.close(),
      restart: () => void this.conversation.restart(),
    };
  }

  /** @returns {Listener} */
  #listener() {
    const { log, panel, texts } = this;
    return {
      message: (message, history) => {
        log.add(message);
        if (history) return;
        if (message.sender !== "shopper" && !panel.dialog.open) this.setUnread(this.unread + 1);
        this.emit("message", message);
      },
      unsent: (item) => log.addUnsent(item),
      failed: (item, status) => {
        log.fail(item, status);
        if (item.choice || panel.text) return;
        // So that the shopper can shorten or correct it.
        panel.text = item.text;
        this.conversation.write(item.text);
      },
      typing: (typing) => log.showTyping(typing),
      loading: (loading) => log.setLoading(loading),
      state: (state) => panel.setState(state),
      customer: (name) => log.welcome(name),
      notice: (notice, seconds) => log.notify(notice && texts.notices[notice](seconds ?? 0)),
      renewed: () => log.divide(),
      reset: (draft) => {
        log.clear();
        panel.text = draft;
        this.setUnread(0);
      },
    };
  }
}

export class ShopChat extends HTMLElement {
  static observedAttributes = ["label", "open"];

  #root = this.attachShadow({ mode: "open" });
  #life = new AbortController();
  /** @type {Chat | null} */
  #chat = null;
  /** @type {Identity | undefined} */
  #identity;

  connectedCallback() {
    this.#life = new AbortController();
    const chat = (this.#chat = new Chat(this, this.#life.signal));
    this.#root.adoptedStyleSheets = [sheet()];
    this.#root.replaceChildren(chat.panel.launcher, chat.panel.dialog);
    chat.panel.setState("bot");
    chat.conversation.resume();
    if (this.#identity !== undefined) chat.conversation.identify(this.#identity);
    // On a phone the chat would cover the page that the shopper just asked for.
    if (recall("sessionStorage", OPEN_KEY) && !chat.panel.isNarrow) chat.show(true);
    if (this.hasAttribute("open")) chat.show();
    this.toggleAttribute("open", chat.panel.dialog.open);
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#chat = null;
    this.#root.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.hasAttribute("open")) this.#chat?.show();
    else this.#chat?.hide();
    this.#chat?.setUnread(this.#chat.unread);
  }

  /** Opens the chat and moves the focus into it. */
  open() {
    this.toggleAttribute("open", true);
    this.#chat?.panel.focus();
  }

  /** Closes the chat; the conversation goes on. */
  close() {
    this.toggleAttribute("open", false);
  }

  /** Opens the chat and sends a question, as for a button of the page. @param {string} question */
  ask(question) {
    this.open();
    this.#chat?.conversation.send(question);
  }

  /** Says who is signed in. @param {Identity} identity */
  identify(identity) {
    this.#identity = identity;
    this.#chat?.conversation.identify(identity);
  }

  /** Forgets the shopper, the conversation and any unsent text on this device. */
  logOut() {
    this.#identity = undefined;
    this.#chat?.conversation.logOut();
    if (this.hasAttribute("open")) this.#chat?.conversation.start();
  }

  /** How many messages came while the chat was closed. */
  get unread() {
    return this.#chat?.unread ?? 0;
  }
}
