// @ts-check
/** The launcher, the dialog around the conversation, and the composer. */

import { button, h, icon } from "./dom.js";
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
  #input = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 1, maxlength: MAX_CHARS }));
  #form = /** @type {HTMLFormElement} */ (h("form", { class: "composer", part: "composer" }));
  #menu;
  launcher;
  dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "panel", part: "panel" }));

  /** @param {Context} context @param {...HTMLElement} content */
  constructor(context, ...content) {
    const { texts, actions, dir } = context;
    this.#context = context;
    this.#menu = new Menu(context);
    const attributes = { class: "launcher", part: "launcher", "aria-haspopup": "dialog", dir };
    this.launcher = button(attributes, actions.toggle, icon("chat"), this.#label, this.#badge);
    const face = h("span", { class: "face" }, icon("chat"));
    const title = h("div", { class: "title" }, h("b", {}, texts.title), this.#state);
    const close = button(
      { "aria-label": texts.close, title: texts.close },
      actions.close,
      icon("close"),
    );
    const { opener, list, confirm } = this.#menu;
    const top = h("header", { class: "top", part: "header" }, face, title, opener, close, list);
    this.dialog.setAttribute("aria-label", texts.dialog);
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

  /** To those who cannot see it happen. @param {string} text */
  say(text) {
    this.#said.textContent = text;
  }

  /** Full screen and modal on a phone, beside the page elsewhere. */
  show() {
    // Unlike show(), the attribute leaves the focus where the page has it.
    if (this.isNarrow) this.dialog.showModal();
    else this.dialog.setAttribute("open", "");
    this.launcher.setAttribute("aria-expanded", "true");
    this.#fit();
  }

  hide() {
    const root = /** @type {ShadowRoot} */ (this.dialog.getRootNode());
    const focused = this.dialog.contains(root.activeElement);
    this.#menu.back();
    this.dialog.close();
    this.launcher.setAttribute("aria-expanded", "false");
    if (focused) this.launcher.focus();
  }

  /** @param {string} label @param {number} unread */
  setLabel(label, unread) {
    this.#label.textContent = label;
    this.#badge.hidden = !unread;
    this.#badge.textContent = unread > 99 ? "99+" : `${unread}`;
    const name = unread ? `${label}, ${this.#context.texts.unread(unread)}` : label;
    this.launcher.setAttribute("aria-label", name);
  }

  /** @param {keyof import("./texts.js").Texts["states"]} state */
  setState(state) {
    this.#state.textContent = this.#context.texts.states[state];
    this.#menu.setState(state);
  }

  #buildComposer() {
    const { texts, actions } = this.#context;
    for (const name of ["aria-label", "placeholder"])
      this.#input.setAttribute(name, texts.composer);
    this.#input.setAttribute("enterkeyhint", "send");
    this.#input.setAttribute("dir", "auto");
    const attributes = { "aria-label": texts.send, title: texts.send, part: "send" };
    this.#form.append(this.#input, h("button", attributes, icon("send")), this.#count);
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
