// @ts-check
/** What is in the cart: quantities by SKU, kept in the browser and the same in all its tabs. */

const KEY = "demo cart";
const MOST_OF_ONE = 99;
/** Told to the document when the cart changes. */
export const CART_EVENT = "demo-cart";

/** @type {Record<string, number>} */
let quantities = recall();

/** @returns {Record<string, number>} */
function recall() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const good = Object.entries(stored).filter(([, quantity]) => Number.isInteger(quantity));
    return Object.fromEntries(good.filter(([, one]) => one > 0 && one <= MOST_OF_ONE));
  } catch {
    return {};
  }
}

export const cartLines = () => Object.entries(quantities);

export const cartCount = () => cartLines().reduce((sum, [, quantity]) => sum + quantity, 0);

/** @param {string} sku */
export const quantityOf = (sku) => quantities[sku] ?? 0;

/** @param {string} sku @param {number} quantity 0 takes it out */
export function setQuantity(sku, quantity) {
  const { [sku]: _, ...others } = quantities;
  // One that is there keeps its place.
  if (quantity <= 0) quantities = others;
  else quantities = { ...quantities, [sku]: Math.min(quantity, MOST_OF_ONE) };
  try {
    localStorage.setItem(KEY, JSON.stringify(quantities));
  } catch {
    // Storage is blocked: the cart lasts as long as the page.
  }
  document.dispatchEvent(new Event(CART_EVENT));
}

addEventListener("storage", ({ key }) => {
  if (key !== KEY && key !== null) return;
  quantities = recall();
  document.dispatchEvent(new Event(CART_EVENT));
});
