// @ts-check
/** The cart as a page: it can be changed, adds up, and leads nowhere. */

import { CART_EVENT, cartLines, setQuantity } from "./cart.js";
import { copyTemplate, find, h, icon, money, picture } from "./elements.js";
import { renderFailure } from "./order_parts.js";

/**
 * @typedef {object} Variant
 * @property {string} sku
 * @property {string} label
 * @property {number} price_minor
 * @property {number} stock
 * @property {string} picture
 */

/** @typedef {{ id: string, title: string, currency: string, variants: Variant[] }} Product */
/** @typedef {{ product: Product, variant: Variant, quantity: number }} Line */

const root = find("#cart");

/** @param {Product[]} products @returns {Line[]} without what the shop no longer sells */
function readLines(products) {
  return cartLines().flatMap(([sku, quantity]) =>
    products.flatMap((product) =>
      product.variants
        .filter((variant) => variant.sku === sku)
        .map((variant) => ({ product, variant, quantity })),
    ),
  );
}

/** @param {Line} line */
function renderQuantity({ product, variant, quantity }) {
  const select = /** @type {HTMLSelectElement} */ (
    h("select", { "aria-label": `Quantity of ${product.title}`, id: `quantity-${variant.sku}` })
  );
  for (let one = 1; one <= Math.max(quantity, Math.min(variant.stock, 10)); one += 1)
    select.add(new Option(`${one}`));
  select.value = `${quantity}`;
  select.addEventListener("change", () => {
    find("#cart-said").textContent = `${product.title}: ${select.value}`;
    setQuantity(variant.sku, Number(select.value));
  });
  return select;
}

/** @param {Line} line */
function renderLine(line) {
  const { product, variant, quantity } = line;
  const remove = h("button", { type: "button", class: "plain" }, icon("trash"), "Remove");
  remove.setAttribute("aria-label", `Remove ${product.title}`);
  remove.addEventListener("click", () => {
    find("#cart-said").textContent = `${product.title} is out of the cart.`;
    setQuantity(variant.sku, 0);
    // The button is gone, and what it stood in may be as well.
    find("#main").focus();
  });
  return h(
    "li",
    { class: "cart-line" },
    picture(variant.picture, 112),
    h(
      "div",
      {},
      h("h2", {}, h("a", { href: `/products/${product.id}` }, product.title)),
      variant.label && h("p", { class: "quiet" }, variant.label),
      h("div", { class: "actions" }, renderQuantity(line), remove),
    ),
    h("p", { class: "price" }, money(variant.price_minor * quantity, product.currency)),
  );
}

/** @param {Line[]} lines */
function renderSummary(lines) {
  const { currency } = lines[0].product;
  const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const total = lines.reduce((sum, line) => sum + line.variant.price_minor * line.quantity, 0);
  const after = h("div", { role: "status" });
  const buy = h("button", { type: "button", class: "primary" }, "Place the order");
  buy.addEventListener("click", () => after.replaceChildren(copyTemplate("cart-after")));
  return h(
    "section",
    { class: "cart-summary", "aria-labelledby": "summary-title" },
    h("h2", { id: "summary-title" }, "Summary"),
    h(
      "dl",
      {},
      h(
        "div",
        {},
        h("dt", {}, `${count} item${count === 1 ? "" : "s"}`),
        h("dd", {}, money(total, currency)),
      ),
      h("div", {}, h("dt", {}, "Shipping"), h("dd", {}, "Set by the seller")),
      h("div", { class: "total" }, h("dt", {}, "Total"), h("dd", {}, money(total, currency))),
    ),
    buy,
    after,
  );
}

/** @param {Product[]} products */
function render(products) {
  const lines = readLines(products);
  const focused = document.activeElement?.id;
  if (lines.length)
    root.replaceChildren(
      h("ul", { class: "cart-lines" }, ...lines.map(renderLine)),
      renderSummary(lines),
    );
  else root.replaceChildren(copyTemplate("cart-empty"));
  root.removeAttribute("aria-busy");
  if (focused?.startsWith("quantity-")) document.getElementById(focused)?.focus();
}

async function load() {
  try {
    const { products } = await (await fetch("/demo/products")).json();
    document.addEventListener(CART_EVENT, () => render(products));
    render(products);
  } catch {
    root.removeAttribute("aria-busy");
    root.replaceChildren(renderFailure("The cart cannot be shown right now."));
    addEventListener("demo-retry", load, { once: true });
  }
}

load();
