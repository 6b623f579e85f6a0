// @ts-check
/** What is seldom needed: starting over, the transcript, the sound, the end; and asking first. */

import { button, h, icon } from "./dom.js";
import { isSoundOn, setSound } from "./sound.js";

/** @import { Context, State } from "./types.js" */

/** @param {Context} context */
export function createMenu({ texts, actions }) {
  const opener = h("summary", { "aria-label": texts.menu, title: texts.menu }, icon("more"));
  const confirm = h("div.confirm", { role: "group", "aria-label": texts.endAsk, hidden: true });

  /** Closes what stands open. @returns {boolean} whether something did */
  const back = () => {
    const open = element.open || !confirm.hidden;
    element.open = false;
    confirm.hidden = true;
    if (open) opener.focus();
    return open;
  };

  /** @param {string} title @param {() => void} press */
  const entry = (title, press) => {
    const chosen = () => {
      back();
      press();
    };
    return button(chosen, title);
  };

  /** @param {string} title @param {() => void} act which ends the conversation */
  const askingEntry = (title, act) =>
    entry(title, () => {
      const accept = entry(title, act);
      accept.className = "ready";
      confirm.replaceChildren(h("p", texts.endAsk), accept, entry(texts.keep, () => {}));
      confirm.hidden = false;
      accept.focus();
    });

  const toggle = () => {
    setSound(!isSoundOn());
    sound.ariaPressed = `${isSoundOn()}`;
  };
  const sound = button(toggle, texts.sound, icon("done"));
  sound.ariaPressed = `${isSoundOn()}`;
  const end = askingEntry(texts.end, actions.end);
  const restart = askingEntry(texts.restart, actions.restart);
  const list = h("div.menu", { tabindex: -1 }, restart, entry(texts.save, actions.save), sound, end);
  const element = /** @type {HTMLDetailsElement} */ (h("details", opener, list));
  element.addEventListener("focusout", ({ relatedTarget }) => {
    element.open &&= element.contains(/** @type {Node | null} */ (relatedTarget));
  });

  return {
    element,
    confirm,
    back,
    /** @param {State} state */
    setState(state) {
      end.hidden = state === "closed";
    },
  };
}
