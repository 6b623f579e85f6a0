// @ts-check
/** The demo shop: products, search, cart, and a strip that says what to try. */

import { h } from "../widget/dom.js";
import { chat, setUpAccount } from "./account.js";
import { addToCart, setUpCart } from "./cart.js";
import { money, openItem } from "./item.js";

/** @typedef {import("./item.js").Product} Product */

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** @param {{ hint: string, tries: string[] }} customer */
function suggest({ hint, tries }) {
  find("#demo-hint").textContent = hint;
  const buttons = tries.map((question) => {
    const button = h("button", { type: "button" }, question);
    button.addEventListener("click", () => chat.ask(question));
    return button;
  });
  find("#demo-tries").replaceChildren(h("span", {}, "Try:"), ...buttons);
}

/** @param {Product} product */
function renderProduct(product) {
  const prices = product.variants.map(({ price_minor }) => price_minor);
  const cheapest = money(Math.min(...prices), product.currency);
  const inStock = product.variants.some(({ stock }) => stock > 0);
  const title = h("button", { type: "button", class: "title" }, product.title);
  title.addEventListener("click", () => openItem(product, addToCart));
  const several = Math.max(...prices) > Math.min(...prices);
  return h(
    "li",
    { class: "product" },
    h("img", { src: `/web/demo/pictures/${product.id}.svg`, alt: "", width: 400, height: 400 }),
    h("h3", {}, title),
    h("p", { class: "quiet" }, product.seller.name),
    h("p", { class: "price" }, several && "From ", cheapest, !inStock && " · sold out"),
  );
}

/** @param {Product[]} products @param {{ words: string, seller: string }} wanted */
function show(products, { words, seller }) {
  const found = products.filter(
    (product) =>
      (!seller || product.seller.name === seller) &&
      `${product.title} ${product.seller.name}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  find("#grid").replaceChildren(...found.map(renderProduct));
  const none = `Nothing found for “${words}”. An order number? The help bot can look it up.`;
  find("#found").textContent = found.length ? `${found.length} products` : none;
}

/** @param {Product[]} products */
function setUpShelves(products) {
  const wanted = { words: "", seller: "" };
  const names = ["", ...new Set(products.map(({ seller }) => seller.name))];
  const buttons = names.map((name) => {
    const button = h(
      "button",
      { type: "button", "aria-pressed": `${!name}` },
      name || "All sellers",
    );
    button.addEventListener("click", () => {
      wanted.seller = name;
      for (const other of buttons) other.setAttribute("aria-pressed", `${other === button}`);
      show(products, wanted);
    });
    return button;
  });
  find("#sellers").replaceChildren(...buttons);
  const input = /** @type {HTMLInputElement} */ (find("#search-text"));
  input.addEventListener("input", () => {
    wanted.words = input.value;
    show(products, wanted);
  });
  find("#search").addEventListener("submit", (event) => {
    event.preventDefault();
    find("#products").scrollIntoView();
  });
  show(products, wanted);
}

setUpAccount(suggest);
const products = await (await fetch("/web/demo/products.json")).json();
setUpCart(products);
setUpShelves(products);
