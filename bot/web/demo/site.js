// @ts-check
/** What every page of the demo shop has: header, strip, and buttons that lead to the chat. */

import { CUSTOMER_EVENT, chat, chosenAccount, currentName } from "./account.js";
import { CART_EVENT, cartCount } from "./cart.js";
import { find, h } from "./elements.js";

const STRIP_KEY = "demo strip";
const root = document.documentElement;

function showCustomer() {
  const { dataset, text } = chosenAccount();
  const first = currentName().split(" ")[0];
  find("#greeting").textContent = first ? `Hello, ${first}` : "Hello, guest";
  find("#strip-who").textContent = text;
  find("#demo-hint").textContent = dataset.hint ?? "";
  /** @type {string[]} */
  const tries = JSON.parse(dataset.tries ?? "[]");
  const buttons = tries.map((question) =>
    h("button", { type: "button", "data-ask": question }, question),
  );
  find("#demo-tries").replaceChildren(...buttons);
}

function showCart() {
  const badge = find("#cart-count");
  badge.textContent = `${cartCount()}`;
  badge.hidden = !cartCount();
}

/** The strip is open on a desk and closed on a phone, until somebody says otherwise. */
function setUpStrip() {
  const toggle = find("#strip-toggle");
  const isOpen = () => find("#strip-body").checkVisibility();
  const tell = () => toggle.setAttribute("aria-expanded", `${isOpen()}`);
  toggle.addEventListener("click", () => {
    root.dataset.strip = isOpen() ? "closed" : "open";
    try {
      localStorage.setItem(STRIP_KEY, root.dataset.strip);
    } catch {
      // Storage is blocked: it lasts as long as the page.
    }
    tell();
  });
  addEventListener("resize", tell);
  tell();
}

function setUpSearch() {
  const toggle = find("#search-toggle");
  toggle.addEventListener("click", () => {
    const open = find("#search").toggleAttribute("data-open");
    toggle.setAttribute("aria-expanded", `${open}`);
    if (open) find("#search-text").focus();
  });
}

/** @param {Event} event */
function toChat({ target }) {
  const button =
    target instanceof Element && target.closest("[data-ask], [data-prefill], [data-chat]");
  if (!(button instanceof HTMLElement)) return;
  const { ask, prefill } = button.dataset;
  if (ask) chat.ask(ask);
  else if (prefill) chat.prefill(prefill);
  else chat.open();
}

/** Lets the styles make room for the chat. @param {boolean} open */
function makeRoom(open) {
  root.toggleAttribute("data-chat-open", open);
}

document.addEventListener("click", toChat);
document.addEventListener("shop-chat-open", () => makeRoom(true));
document.addEventListener("shop-chat-close", () => makeRoom(false));
document.addEventListener(CUSTOMER_EVENT, showCustomer);
document.addEventListener(CART_EVENT, showCart);
showCustomer();
showCart();
makeRoom(chat.hasAttribute("open"));
setUpStrip();
setUpSearch();
