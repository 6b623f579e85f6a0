// @ts-check
/** What is seldom needed: starting over, the transcript, the sound, the end; and asking first. */

import { button, h, icon } from "./dom.js";
import { isSoundOn, setSound } from "./sound.js";

/** @import { Context } from "./types.js" */

export class Menu {
  #end;
  opener;
  list = h("div", { class: "menu", hidden: true });
  confirm = h("div", { class: "confirm", role: "group", hidden: true });

  /** @param {Context} context */
  constructor({ texts, actions }) {
    const attributes = { "aria-label": texts.menu, title: texts.menu, "aria-expanded": "false" };
    this.opener = button(attributes, () => this.#show(this.list.hidden), icon("more"));
    /** @type {(title: string, press: () => void) => HTMLButtonElement} */
    const entry = (title, press) => {
      const chosen = () => {
        this.#show(false);
        press();
      };
      return button({}, chosen, title);
    };
    /** @type {(question: string, yes: string, act: () => void) => void} */
    const ask = (question, yes, act) => this.#ask(question, button({ class: "ready" }, act, yes), texts.keep);
    const restart = entry(texts.restart, () =>
      ask(texts.restartAsk, texts.restart, actions.restart),
    );
    this.#end = entry(texts.end, () => ask(texts.endAsk, texts.end, actions.end));
    const sound = button({ "aria-pressed": `${isSoundOn()}` }, () => {
      setSound(!isSoundOn());
      sound.setAttribute("aria-pressed", `${isSoundOn()}`);
    }, texts.sound, icon("done"));
    this.list.append(restart, entry(texts.save, actions.save), sound, this.#end);
    this.list.addEventListener("focusout", ({ relatedTarget }) => {
      const to = /** @type {Node | null} */ (relatedTarget);
      if (to !== this.opener && !this.list.contains(to)) this.#show(false, true);
    });
  }

  /** @param {string} state */
  setState(state) {
    this.#end.hidden = state === "closed";
  }

  /** Closes what stands open. @returns {boolean} whether something did */
  back() {
    const open = !this.list.hidden || !this.confirm.hidden;
    this.#show(false, true);
    this.confirm.hidden = true;
    if (open) this.opener.focus();
    return open;
  }

  /** @param {boolean} open @param {boolean} [left] the focus is somewhere else already */
  #show(open, left) {
    if (this.list.hidden !== open) return;
    this.list.hidden = !open;
    this.opener.setAttribute("aria-expanded", `${open}`);
    if (open) this.list.querySelector("button")?.focus();
    else if (!left) this.opener.focus();
  }

  /** @param {string} question @param {HTMLButtonElement} accept @param {string} no */
  #ask(question, accept, no) {
    const decline = button({}, () => this.back(), no);
    accept.addEventListener("click", () => this.back());
    this.confirm.setAttribute("aria-label", question);
    this.confirm.replaceChildren(h("p", {}, question), accept, decline);
    this.confirm.hidden = false;
    accept.focus();
  }
}
