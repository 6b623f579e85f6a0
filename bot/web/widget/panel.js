// @ts-check
/** The launcher, the dialog around the conversation, and the composer. */

import { button, h, icon, tool } from "./dom.js";
import { createMenu } from "./menu.js";

/** @import { Context, State } from "./types.js" */

const MAX_CHARS = 2000;
const COUNT_FROM = 1800;

/** @param {Context} context @param {...HTMLElement} content */
export function createPanel(context, ...content) {
  const { texts, actions, signal, dir } = context;
  const narrow = matchMedia("(max-width: 640px)");
  const menu = createMenu(context);
  const badge = h("span.badge");
  const label = h("span.label");
  const state = h("small");
  const count = h("small.count");
  const said = h("p.unseen", { role: "status" });
  const about = { "aria-label": texts.composer, enterkeyhint: "send", dir: "auto" };
  const input = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { rows: 1, maxlength: MAX_CHARS, ...about })
  );
  const send = tool("send", texts.send, () => {});
  send.type = "submit";
  send.part.value = "send";
  const form = /** @type {HTMLFormElement} */ (
    h("form", { part: "composer" }, input, send, count)
  );
  const attributes = { part: "launcher", dir };
  const launcher = button(actions.toggle, attributes, icon("chat"), label, badge);
  const close = tool("close", texts.close, actions.close);
  const title = h("div.title", h("b", texts.title), state);
  const face = h("span.face", icon("chat"));
  const top = h("div", { part: "header" }, face, title, menu.element, close);
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { part: "panel", "aria-label": texts.title, dir })
  );
  dialog.append(top, menu.confirm, ...content, form, said);

  /** The composer grows with its text, and the panel shrinks over an on-screen keyboard. */
  const fit = () => {
    const left = MAX_CHARS - input.value.length;
    count.textContent = left > MAX_CHARS - COUNT_FROM ? "" : texts.left(left);
    form.classList.toggle("filled", input.value.trim() !== "");
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
    dialog.style.setProperty("--visible", `${visualViewport?.height}px`);
    dialog.style.setProperty("--scrolled", `${visualViewport?.offsetTop}px`);
  };

  /** Full screen and modal on a phone, beside the page elsewhere. */
  const show = () => {
    // Unlike show(), the attribute leaves the focus where the page has it.
    if (narrow.matches) dialog.showModal();
    else dialog.setAttribute("open", "");
    launcher.ariaExpanded = "true";
    fit();
  };

  /** A phone was turned, or a window made narrow. */
  const turn = () => {
    if (!dialog.open) return;
    dialog.close();
    show();
  };

  /** @param {Event} event */
  const escape = (event) => {
    event.preventDefault();
    if (!menu.back()) actions.close();
  };

  /** @param {string} text */
  const setText = (text) => {
    input.value = text;
    fit();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    setText("");
    actions.write("");
    actions.send(text);
  });
  // The gesture that goes back, on a phone.
  dialog.addEventListener("cancel", escape);
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && escape(event));
  input.addEventListener("input", () => {
    actions.write(input.value);
    fit();
  });
  input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter picks a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  narrow.addEventListener("change", turn, { signal });
  for (const name of ["resize", "scroll"]) visualViewport?.addEventListener(name, fit, { signal });

  return {
    launcher,
    dialog,
    show,
    setText,
    isNarrow: () => narrow.matches,
    text: () => input.value,
    focus: () => input.focus(),

    hide() {
      const root = /** @type {ShadowRoot} */ (dialog.getRootNode());
      const focused = dialog.contains(root.activeElement);
      menu.back();
      dialog.close();
      launcher.ariaExpanded = "false";
      if (focused) launcher.focus();
    },

    /** @param {string} hint what the composer is for, while it is empty */
    hint(hint) {
      input.placeholder = hint;
    },

    /** To those who cannot see it happen. @param {string} text */
    say(text) {
      said.textContent = text;
    },

    /** @param {string} text @param {number} unread */
    setLabel(text, unread) {
      label.textContent = text;
      badge.hidden = !unread;
      badge.textContent = `${unread}`;
      launcher.ariaLabel = unread ? `${text}, ${texts.unread(unread)}` : text;
    },

    /** @param {State} now */
    setState(now) {
      state.textContent = now === "bot" ? texts.senders.bot : texts.states[now];
      menu.setState(now);
    },
  };
}
