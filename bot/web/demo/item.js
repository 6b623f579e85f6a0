// @ts-check
/** The page of one product, in a dialog. */

import { h } from "../widget/dom.js";

/**
 * @typedef {object} Variant
 * @property {string} sku
 * @property {Record<string, string>} attributes
 * @property {number} price_minor
 * @property {number} stock
 */

/**
 * @typedef {object} Product
 * @property {string} id
 * @property {string} title
 * @property {string} currency
 * @property {{ name: string, country: string, reply_hours: number, rating: number }} seller
 * @property {Variant[]} variants
 */

/** @param {number} minor @param {string} currency */
export const money = (minor, currency) =>
  new Intl.NumberFormat("en-US", { style: "currency", currency }).format(minor / 100);

/** @param {Variant} variant */
export const describe = ({ attributes }) => Object.values(attributes).join(", ");

/** @param {Product} product @param {(sku: string) => void} add */
export function openItem(product, add) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("#item"));
  const select = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": "Variant" }));
  for (const variant of product.variants) {
    const option = new Option(describe(variant) || "One size", variant.sku);
    option.disabled = variant.stock === 0;
    if (option.disabled) option.text += " (sold out)";
    select.add(option);
  }
  const price = h("p", { class: "price" });
  const say = h("p", { class: "quiet", role: "status" });
  const update = () => {
    const variant = product.variants.find(({ sku }) => sku === select.value);
    price.textContent = variant ? money(variant.price_minor, product.currency) : "Sold out";
    say.textContent = variant && variant.stock < 8 ? `Only ${variant.stock} left.` : "In stock.";
  };
  select.value = product.variants.find(({ stock }) => stock > 0)?.sku ?? "";
  select.addEventListener("change", update);
  update();
  const buy = h("button", { type: "button", class: "primary" }, "Buy Now");
  buy.addEventListener("click", () => (say.textContent = "This is a demo: no order is placed."));
  const cart = h("button", { type: "button" }, "Add to cart");
  cart.addEventListener("click", () => {
    if (select.value) add(select.value);
    say.textContent = "Added to the cart.";
  });
  dialog.replaceChildren(
    closeButton(dialog),
    h("img", { src: `/web/demo/pictures/${product.id}.svg`, alt: "", width: 400, height: 400 }),
    h("h2", { id: "item-title" }, product.title),
    price,
    select,
    say,
    h("div", { class: "actions" }, buy, cart),
    renderSeller(product),
  );
  dialog.showModal();
}

/** @param {Product} product */
function renderSeller({ seller }) {
  const rating = `${seller.rating} of 5`;
  return h("p", { class: "quiet" }, `Sold by ${seller.name} (${seller.country}), rated ${rating}.`);
}

/** @param {HTMLDialogElement} dialog */
export function closeButton(dialog) {
  const button = h("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
  button.addEventListener("click", () => dialog.close());
  return button;
}
