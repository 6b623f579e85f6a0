// @ts-check
/** What stands below an ended conversation: how it was, and the way to a new one. */

import { button, h } from "./dom.js";

/** @import { Context } from "./types.js" */

const STARS = [1, 2, 3, 4, 5];
const MAX_COMMENT_CHARS = 1000;

/** @param {Context} context @returns {HTMLElement} */
export function renderEnding({ texts, actions }) {
  const stars = STARS.map((count) => {
    const title = texts.stars(count);
    const attributes = { type: "radio", name: "stars", value: count, required: true };
    return h("label", h("input", { ...attributes, "aria-label": title, title }), "★");
  });
  const hint = { placeholder: texts.comment, "aria-label": texts.comment, dir: "auto" };
  const comment = h("textarea", { name: "comment", maxlength: MAX_COMMENT_CHARS, ...hint });
  const say = h("p", { role: "status" });
  const form = /** @type {HTMLFormElement} */ (
    h(
      "form",
      h("fieldset", h("legend", texts.rate), ...stars),
      comment,
      h("button", texts.send),
    )
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    try {
      await actions.rate(Number(given.get("stars")), `${given.get("comment")}`.trim());
      form.hidden = true;
      again.focus();
      say.textContent = texts.thanks;
    } catch {
      say.textContent = texts.failed;
    }
  });
  const again = button(actions.restart, texts.divider);
  return h("section.ending", form, say, again);
}
