// @ts-check
/** `<shop-chat>`: the element's life, its attributes, methods and events (docs/widget.md). */

import { createChat } from "./chat.js";
import { sheet } from "./style.js";
import { textsFor } from "./texts.js";

/** @import { Chat } from "./chat.js" */
/** @import { Identity } from "./types.js" */

/** @param {string} page the tag of its language, which may be anything @returns {string} */
function localeOf(page) {
  const own = navigator.language;
  // The browser's tag says more about dates where the language is the same: en-GB, not en.
  if (own.split("-")[0] === page.split("-")[0]) return own;
  try {
    return new Intl.Locale(page).baseName;
  } catch {
    return own;
  }
}

export class ShopChat extends HTMLElement {
  static observedAttributes = ["label", "open", "lang", "base-url"];

  #root = this.attachShadow({ mode: "open" });
  #life = new AbortController();
  /** @type {Chat | null} */
  #chat = null;
  /** What was asked for before the words were there. @type {((chat: Chat) => void)[]} */
  #waiting = [];
  /** @type {Identity | undefined} */
  #identity;

  async connectedCallback() {
    const { signal } = (this.#life = new AbortController());
    const page = this.lang || document.documentElement.lang || navigator.language;
    const language = await textsFor(page);
    if (signal.aborted) return;
    const chat = createChat(this, language, localeOf(page), signal);
    this.#chat = chat;
    this.#root.adoptedStyleSheets = [sheet()];
    this.#root.replaceChildren(chat.panel.launcher, chat.panel.dialog);
    const question = this.getAttribute("question");
    // Not kept as a draft: the next page may have another question.
    if (question && !chat.panel.text()) chat.panel.setText(question);
    chat.conversation.resume();
    if (this.#identity !== undefined) chat.conversation.identify(this.#identity);
    // On a phone the chat would cover the page that the shopper just asked for.
    if (chat.wasOpen() && !chat.panel.isNarrow()) chat.show(true);
    if (this.hasAttribute("open")) chat.show();
    this.toggleAttribute("open", chat.panel.dialog.open);
    for (const act of this.#waiting.splice(0)) act(chat);
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#chat = null;
    this.#root.replaceChildren();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    const chat = this.#chat;
    if (!chat || before === now) return;
    if (name === "label") chat.label();
    else if (name !== "open") {
      this.disconnectedCallback();
      void this.connectedCallback();
    } else if (now === null) chat.hide();
    else chat.show();
  }

  /** Opens the chat and moves the focus into it. */
  open() {
    this.toggleAttribute("open", true);
    this.#do(({ panel }) => panel.focus());
  }

  /** Closes the chat; the conversation goes on. */
  close() {
    this.toggleAttribute("open", false);
  }

  /** Opens the chat and sends a question, as for a button of the page. @param {string} question */
  ask(question) {
    this.open();
    this.#do(({ conversation }) => conversation.send(question));
  }

  /** Opens the chat with a question that the shopper may still change. @param {string} question */
  prefill(question) {
    this.open();
    this.#do((chat) => chat.prefill(question));
  }

  /** Says who is signed in. @param {Identity} identity */
  identify(identity) {
    this.#identity = identity;
    this.#chat?.conversation.identify(identity);
  }

  /** Forgets the shopper, the conversation and any unsent text on this device. */
  logOut() {
    this.#identity = undefined;
    this.#do(({ conversation }) => {
      conversation.logOut();
      // Somebody may have signed in since, while the chat was not there.
      if (this.#identity) conversation.identify(this.#identity);
      if (this.hasAttribute("open")) conversation.start();
    });
  }

  /** How many messages came that nobody has seen. */
  get unread() {
    return this.#chat?.unread() ?? 0;
  }

  /** @param {(chat: Chat) => void} act */
  #do(act) {
    if (this.#chat) act(this.#chat);
    else this.#waiting.push(act);
  }
}
