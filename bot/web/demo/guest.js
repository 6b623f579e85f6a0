// @ts-check
/** What a guest sees in place of orders: signing in, or asking the bot by number and e-mail. */

import { chat, signIn } from "./account.js";
import { copyTemplate } from "./elements.js";

/** @param {HTMLElement} root @param {string} [number] of the order that was looked for */
export function setUpGuest(root, number) {
  root.replaceChildren(copyTemplate("guest"));
  root.removeAttribute("aria-busy");
  for (const button of root.querySelectorAll("[data-sign-in]"))
    button.addEventListener("click", () => {
      signIn(/** @type {HTMLElement} */ (button).dataset.signIn ?? "");
      document.getElementById("main")?.focus();
    });
  const form = /** @type {HTMLFormElement} */ (root.querySelector("#guest-order"));
  if (number) form.querySelector("input")?.setAttribute("value", number);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    chat.ask(`Where is my order ${given.get("number")}? My e-mail is ${given.get("email")}`);
  });
}
