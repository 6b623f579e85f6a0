// @ts-check
/** The page of a product: choosing a variant, and putting it into the cart. */

import { quantityOf, setQuantity } from "./cart.js";
import { find, h } from "./elements.js";

const FEW = 8;
const form = /** @type {HTMLFormElement} */ (find("#item"));
const shown = /** @type {HTMLImageElement} */ (find("#item-picture"));

/** @returns {HTMLInputElement | null} */
const chosen = () => form.querySelector("[name=variant]:checked");

function showChosen() {
  const variant = chosen();
  if (!variant) return;
  const { price, picture } = variant.dataset;
  const stock = Number(variant.dataset.stock);
  const label = variant.nextElementSibling?.textContent ?? "";
  find("#item-price").textContent = price ?? "";
  shown.src = picture ?? shown.src;
  shown.alt = `${form.dataset.title}, ${label}`;
  find("#item-stock").textContent = stock < FEW ? `Only ${stock} left` : "In stock";
  find("#item-stock").dataset.level = stock < FEW ? "low" : "good";
  find("#item-said").replaceChildren();
}

/** Tells whether there was another one to add. */
function addChosen() {
  const variant = chosen();
  if (!variant) return false;
  const wanted = quantityOf(variant.value) + 1;
  if (wanted > Number(variant.dataset.stock)) {
    find("#item-said").replaceChildren("All there are of it are in your cart. ", toCart());
    return false;
  }
  setQuantity(variant.value, wanted);
  return true;
}

const toCart = () => h("a", { href: "/cart" }, "Go to the cart");

form.addEventListener("change", showChosen);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (addChosen()) find("#item-said").replaceChildren("Added to the cart. ", toCart());
});
find("#buy-now").addEventListener("click", () => {
  if (addChosen()) location.assign("/cart");
});
