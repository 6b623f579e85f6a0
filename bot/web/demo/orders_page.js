// @ts-check
/** My Orders: the signed-in customer's orders, by status or number. */

import { setUpGuest } from "./guest.js";
import { copyTemplate, day, find, h, icon, money, picture } from "./elements.js";
import { follow, fetchOrders, STATUSES, variantOf } from "./orders.js";
import { renderFailure, renderPill, renderProgress } from "./order_parts.js";

/** @typedef {import("./orders.js").Order} Order */

const root = find("#orders");
/** @type {Order[]} */
let orders = [];
const wanted = new URLSearchParams(location.search);

/** @param {Order} order */
function matches(order) {
  const status = wanted.get("status");
  if (status && order.status !== status) return false;
  const words = (wanted.get("q") ?? "").toLowerCase().replace("#", "").split(/\s+/);
  const titles = order.items.map(({ title }) => title).join(" ");
  const text = `${order.number} ${order.seller.name} ${titles}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Keeps the choice in the address, so that it is still there after a reload.
 * @param {"status" | "q"} name @param {string} value */
function want(name, value) {
  if (value) wanted.set(name, value);
  else wanted.delete(name);
  history.replaceState(null, "", wanted.size ? `?${wanted}` : location.pathname);
  showFound();
}

/** @param {Order} order */
function renderOrder(order) {
  const { number, items, seller, placed_at, total_minor, currency } = order;
  const title = `order-${number}`;
  const address = `/orders/${encodeURIComponent(number)}`;
  const button = (/** @type {string} */ question, /** @type {string} */ text) =>
    h("button", { type: "button", "data-ask": question }, text);
  return h(
    "li",
    {},
    h(
      "article",
      { class: "order-card", "aria-labelledby": title },
      h(
        "header",
        {},
        h("h2", { id: title }, h("a", { href: address }, `Order ${number}`)),
        renderPill(order),
        h(
          "p",
          { class: "quiet facts" },
          h("span", {}, "Placed ", day(placed_at)),
          h("span", {}, money(total_minor, currency)),
          h("span", {}, seller.name),
        ),
      ),
      h("ul", { class: "thumbs" }, ...items.map(renderThumb)),
      renderProgress(order),
      h(
        "footer",
        { class: "actions" },
        h("a", { class: "secondary small", href: address }, "Order Details"),
        button(`Where is my order ${number}?`, "Where is it?"),
        button(`Contact the seller of order ${number}`, "Contact Seller"),
        order.can_cancel && button(`Cancel order ${number}`, "Cancel order"),
      ),
    ),
  );
}

/** @param {import("./orders.js").Item} item */
function renderThumb(item) {
  const variant = variantOf(item);
  const more = item.quantity > 1 && `${item.quantity} × `;
  return h(
    "li",
    {},
    picture(item.picture, 72),
    h("p", {}, more, item.title, variant && h("small", {}, variant)),
  );
}

function renderFilters() {
  const search = h("input", {
    id: "order-search",
    type: "search",
    autocomplete: "off",
    maxlength: 64,
    placeholder: "Order number, item or seller",
  });
  const input = /** @type {HTMLInputElement} */ (search);
  input.value = wanted.get("q") ?? "";
  input.addEventListener("input", () => want("q", input.value));
  const label = h(
    "label",
    { class: "search" },
    h("span", { class: "unseen" }, "Search your orders"),
    icon("search"),
    input,
  );
  return h(
    "div",
    { class: "order-filters" },
    label,
    h("div", { id: "statuses", class: "chips", role: "group", "aria-label": "Status" }),
  );
}

function renderStatuses() {
  const count = (/** @type {string} */ status) =>
    orders.filter((order) => !status || order.status === status).length;
  const chips = [["", "All"], ...Object.entries(STATUSES)].filter(
    ([status]) => count(status) || status === wanted.get("status"),
  );
  return chips.map(([status, text]) => {
    const pressed = status === (wanted.get("status") ?? "");
    const chip = h(
      "button",
      { type: "button", "aria-pressed": `${pressed}`, "data-status": status },
      text,
      " ",
      h("small", {}, `${count(status)}`),
    );
    chip.addEventListener("click", () => want("status", status));
    return chip;
  });
}

function showFound() {
  const found = orders.filter(matches);
  const focused = document.activeElement?.getAttribute("data-status");
  find("#statuses").replaceChildren(...renderStatuses());
  if (focused != null) find(`#statuses [data-status="${focused}"]`)?.focus();
  find("#found").textContent =
    `${found.length} of ${orders.length} order${orders.length === 1 ? "" : "s"}`;
  find("#order-list").replaceChildren(...found.map(renderOrder));
  find("#order-none").hidden = found.length > 0;
}

/** @param {Order[]} newest */
function show(newest) {
  tellChanges(newest);
  orders = newest;
  root.removeAttribute("aria-busy");
  if (!orders.length) return root.replaceChildren(copyTemplate("orders-none"));
  if (!root.querySelector("#order-list")) {
    const none = h(
      "div",
      { id: "order-none", class: "empty", hidden: true },
      h("h2", {}, "No order like that"),
      h("p", {}, "Try another number, or look at all of them."),
    );
    root.replaceChildren(
      renderFilters(),
      h("p", { id: "found", class: "quiet", role: "status" }),
      none,
      h("ul", { id: "order-list", class: "order-list" }),
    );
  }
  showFound();
}

/** @param {Order[]} newest */
function tellChanges(newest) {
  const before = new Map(orders.map(({ number, status }) => [number, status]));
  const changed = newest.filter(
    ({ number, status }) => before.has(number) && before.get(number) !== status,
  );
  if (!changed.length) return;
  const told = changed.map(({ number, status }) => `Order ${number} is now ${STATUSES[status]}.`);
  find("#orders-said").textContent = told.join(" ");
}

follow({
  fetch: fetchOrders,
  show,
  showGuest: () => {
    orders = [];
    setUpGuest(root);
  },
  fail: () => {
    root.removeAttribute("aria-busy");
    root.replaceChildren(renderFailure("Your orders cannot be shown right now."));
  },
});
