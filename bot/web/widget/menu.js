// @ts-check
/** What is seldom needed: starting over, the transcript, the sound, the end; and asking first. */

import { button, h, icon } from "./dom.js";
import { isSoundOn, setSound } from "./sound.js";

/** @import { Context } from "./types.js" */

export class Menu {
  #opener;
  #end;
  element;
  confirm;

  /** @param {Context} context */
  constructor({ texts, actions }) {
    const back = () => void this.back();
    /** @type {(yes: string, act: () => void) => void} */
    const ask = (yes, act) => {
      const accept = button({ class: "ready" }, act, yes);
      accept.addEventListener("click", back);
      this.confirm.replaceChildren(h("p", {}, texts.endAsk), accept, button({}, back, texts.keep));
      this.confirm.hidden = false;
      accept.focus();
    };
    /** @type {(title: string, press: () => void) => HTMLButtonElement} */
    const entry = (title, press) => {
      const chosen = () => {
        back();
        press();
      };
      return button({}, chosen, title);
    };
    const toggle = () => {
      setSound(!isSoundOn());
      sound.ariaPressed = `${isSoundOn()}`;
    };
    const sound = button({}, toggle, texts.sound, icon("done"));
    sound.ariaPressed = `${isSoundOn()}`;
    this.#end = entry(texts.end, () => ask(texts.end, actions.end));
    this.#opener = h("summary", { "aria-label": texts.menu, title: texts.menu }, icon("more"));
    const list = h(
      "div",
      { class: "menu" },
      entry(texts.restart, () => ask(texts.restart, actions.restart)),
      entry(texts.save, actions.save),
      sound,
      this.#end,
    );
    this.element = /** @type {HTMLDetailsElement} */ (h("details", {}, this.#opener, list));
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      const to = /** @type {Node | null} */ (relatedTarget);
      this.element.open &&= this.element.contains(to);
    });
    const attributes = { class: "confirm", role: "group", "aria-label": texts.endAsk };
    this.confirm = h("div", { ...attributes, hidden: true });
  }

  /** @param {string} state */
  setState(state) {
    this.#end.hidden = state === "closed";
  }

  /** Closes what stands open. @returns {boolean} whether something did */
  back() {
    const open = this.element.open || !this.confirm.hidden;
    this.element.open = false;
    this.confirm.hidden = true;
    if (open) this.#opener.focus();
    return open;
  }
}
