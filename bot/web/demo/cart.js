// @ts-check
/** The cart of the demo shop; it leads nowhere. */

import { h } from "../widget/dom.js";
import { closeButton, describe, money } from "./item.js";

/** @typedef {import("./item.js").Product} Product */

/** @type {Map<string, number>} quantities by SKU */
const quantities = new Map();

function showCount() {
  const count = [...quantities.values()].reduce((sum, quantity) => sum + quantity, 0);
  const badge = document.querySelector("#cart-count");
  if (badge) badge.textContent = String(count);
}

/** @param {string} sku */
export function addToCart(sku) {
  quantities.set(sku, (quantities.get(sku) ?? 0) + 1);
  showCount();
}

/** @param {Product[]} products */
export function setUpCart(products) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("#cart"));
  document.querySelector("#open-cart")?.addEventListener("click", () => {
    render(dialog, products);
    dialog.showModal();
  });
}

/** @param {HTMLDialogElement} dialog @param {Product[]} products */
function render(dialog, products) {
  const lines = products.flatMap((product) =>
    product.variants
      .filter(({ sku }) => quantities.has(sku))
      .map((variant) => ({ product, variant, quantity: quantities.get(variant.sku) ?? 0 })),
  );
  const total = lines.reduce(
    (sum, { variant, quantity }) => sum + variant.price_minor * quantity,
    0,
  );
  const rows = lines.map(({ product, variant, quantity }) => {
    const remove = h("button", { type: "button", class: "plain" }, "Remove");
    remove.addEventListener("click", () => {
      quantities.delete(variant.sku);
      showCount();
      render(dialog, products);
    });
    const name = [product.title, describe(variant)].filter(Boolean).join(", ");
    const price = money(variant.price_minor * quantity, product.currency);
    return h("li", {}, h("span", {}, `${quantity} × ${name}`), h("span", {}, price), remove);
  });
  const filled = [
    h("ul", { class: "lines" }, ...rows),
    h("p", { class: "price" }, `Total ${money(total, "USD")}`),
    h("p", { class: "quiet" }, "This is a demo: the cart leads nowhere."),
  ];
  const content = rows.length ? filled : [h("p", {}, "There are no items in the cart.")];
  dialog.replaceChildren(closeButton(dialog), h("h2", { id: "cart-title" }, "Cart"), ...content);
}
