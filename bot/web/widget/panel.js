// @ts-check
/** The launcher, the dialog around the conversation, and the composer. */

import { button, h, icon, tool } from "./dom.js";
import { Menu } from "./menu.js";

/** @import { Context } from "./types.js" */

const MAX_CHARS = 2000;
const COUNT_FROM = 1800;

export class Panel {
  #context;
  #narrow = matchMedia("(max-width: 640px)");
  #badge = h("span", { class: "badge" });
  #label = h("span", { class: "label" });
  #state = h("small");
  #count = h("small", { class: "count" });
  #said = h("p", { class: "unseen", role: "status" });
  #input = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { rows: 1, maxlength: MAX_CHARS, enterkeyhint: "send", dir: "auto" })
  );
  #form = /** @type {HTMLFormElement} */ (h("form", { part: "composer" }));
  #menu;
  launcher;
  dialog = /** @type {HTMLDialogElement} */ (h("dialog", { part: "panel" }));

  /** @param {Context} context @param {...HTMLElement} content */
  constructor(context, ...content) {
    const { texts, actions, dir } = context;
    this.#context = context;
    this.#menu = new Menu(context);
    const attributes = { part: "launcher", "aria-haspopup": "dialog", dir };
    this.launcher = button(attributes, actions.toggle, icon("chat"), this.#label, this.#badge);
    const face = h("span", { class: "face" }, icon("chat"));
    const title = h("div", { class: "title" }, h("b", {}, texts.title), this.#state);
    const close = tool("close", texts.close, actions.close);
    const { element, confirm } = this.#menu;
    const top = h("header", { part: "header" }, face, title, element, close);
    this.dialog.ariaLabel = texts.title;
    if (dir) this.dialog.dir = dir;
    this.dialog.append(top, confirm, ...content, this.#buildComposer(), this.#said);
    this.#listen();
  }

  get isNarrow() {
    return this.#narrow.matches;
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
    this.#fit();
  }

  focus() {
    this.#input.focus();
  }

  /** @param {string} hint what the composer is for, while it is empty */
  set hint(hint) {
    this.#input.placeholder = hint;
  }

  /** To those who cannot see it happen. @param {string} text */
  say(text) {
    this.#said.textContent = text;
  }

  /** Full screen and modal on a phone, beside the page elsewhere. */
  show() {
    // Unlike show(), the attribute leaves the focus where the page has it.
    if (this.isNarrow) this.dialog.showModal();
    else this.dialog.setAttribute("open", "");
    this.launcher.ariaExpanded = "true";
    this.#fit();
  }

  hide() {
    const root = /** @type {ShadowRoot} */ (this.dialog.getRootNode());
    const focused = this.dialog.contains(root.activeElement);
    this.#menu.back();
    this.dialog.close();
    this.launcher.ariaExpanded = "false";
    if (focused) this.launcher.focus();
  }

  /** @param {string} label @param {number} unread */
  setLabel(label, unread) {
    this.#label.textContent = label;
    this.#badge.hidden = !unread;
    this.#badge.textContent = unread > 99 ? "99+" : `${unread}`;
    const name = unread ? `${label}, ${this.#context.texts.unread(unread)}` : label;
    this.launcher.ariaLabel = name;
  }

  /** @param {import("./types.js").State} state */
  setState(state) {
    const { senders, states } = this.#context.texts;
    this.#state.textContent = state === "bot" ? senders.bot : states[state];
    this.#menu.setState(state);
  }

  #buildComposer() {
    const { texts, actions } = this.#context;
    const send = tool("send", texts.send, () => {});
    send.type = "submit";
    send.part.value = "send";
    this.#input.ariaLabel = texts.composer;
    this.#form.append(this.#input, send, this.#count);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.text.trim();
      if (!text) return;
      this.text = "";
      actions.write("");
      actions.send(text);
    });
    return this.#form;
  }

  #listen() {
    const { actions, signal } = this.#context;
    const escape = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!this.#menu.back()) actions.close();
    };
    // The gesture that goes back, on a phone.
    this.dialog.addEventListener("cancel", escape);
    this.dialog.addEventListener("keydown", (event) => event.key === "Escape" && escape(event));
    this.#input.addEventListener("input", () => {
      actions.write(this.text);
      this.#fit();
    });
    this.#input.addEventListener("keydown", (event) => {
      // While an input method composes, Enter picks a word.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#narrow.addEventListener("change", () => this.#turn(), { signal });
    for (const name of ["resize", "scroll"])
      visualViewport?.addEventListener(name, () => this.#fit(), { signal });
  }

  /** A phone was turned, or a window made narrow. */
  #turn() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.show();
  }

  /** The composer grows with its text, and the panel shrinks over an on-screen keyboard. */
  #fit() {
    const left = MAX_CHARS - this.text.length;
    this.#count.textContent = left > MAX_CHARS - COUNT_FROM ? "" : this.#context.texts.left(left);
    this.#form.classList.toggle("filled", this.text.trim() !== "");
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    const { style } = this.dialog;
    style.setProperty("--visible", `${visualViewport?.height}px`);
    style.setProperty("--scrolled", `${visualViewport?.offsetTop}px`);
  }
}
