// @ts-check
/** The page of one order: its way, what is in it, and the bot's help with it. */

import { setUpGuest } from "./guest.js";
import { copyTemplate, day, find, h, icon, moment, money, picture, weekday } from "./elements.js";
import {
  nameCountry,
  renderAddress,
  renderFailure,
  renderPill,
  renderSentence,
} from "./order_parts.js";
import { follow, fetchOrder, OrderUnknown, STATUSES, stepsOf, variantOf } from "./orders.js";

/** @typedef {import("./orders.js").Order & { messages: import("./orders.js").SellerMessage[] }} Order */

const root = find("#order");
const number = root.dataset.number ?? "";
/** @type {string | undefined} */
let status;

/** @param {string} title @param {...import("./elements.js").Child} children */
function box(title, ...children) {
  const id = `box-${title.toLowerCase().replace(/\W+/g, "-")}`;
  return h("section", { class: "box", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** @param {string} question @param {string} name @param {string} text @param {string} look */
const askButton = (question, name, text, look) =>
  h("button", { type: "button", class: look, "data-ask": question }, icon(name), text);

/** @param {Order} order */
const renderHead = (order) =>
  h(
    "header",
    { class: "order-head" },
    h(
      "div",
      {},
      h("h1", {}, `Order ${number}`),
      h("p", { class: "quiet" }, "Placed ", moment(order.placed_at)),
    ),
    h(
      "div",
      { class: "actions" },
      askButton(`Where is my order ${number}?`, "truck", "Where is it?", "secondary"),
      order.can_cancel &&
        askButton(`Cancel order ${number}`, "cancel", "Cancel order", "secondary"),
      askButton(`Contact the seller of order ${number}`, "message", "Contact Seller", "primary"),
    ),
  );

/** @param {Order} order */
function renderWay(order) {
  const { status, shipment } = order;
  const steps = stepsOf(order).map(({ title, at, state, note }) =>
    h(
      "li",
      { "data-state": state, "aria-current": state === "now" && "step" },
      h(
        "span",
        { class: "mark", "aria-hidden": "true" },
        state === "done" && icon("check"),
        state === "off" && icon("cancel"),
      ),
      h("strong", {}, title),
      h("small", {}, at ? day(at) : state === "now" ? note : state === "done" ? "Done" : ""),
    ),
  );
  return h(
    "section",
    { class: "box way-box", "data-status": status, "aria-labelledby": "way-title" },
    h(
      "div",
      { class: "way-head" },
      h("h2", { id: "way-title", class: "unseen" }, "Status"),
      renderPill(order),
      renderSentence(order),
    ),
    h("ol", { class: "way" }, ...steps),
    shipment && renderShipment(shipment),
  );
}

/** @param {import("./orders.js").Shipment} shipment */
const renderShipment = ({ carrier, tracking_number, expected_at, delivered_at }) =>
  h(
    "dl",
    { class: "shipment" },
    pair("Carrier", carrier),
    pair("Tracking number", h("span", { class: "number" }, tracking_number)),
    !delivered_at && expected_at && pair("Expected", weekday(expected_at)),
  );

/** @param {string} term @param {import("./elements.js").Child} value */
const pair = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value));

/** @param {Order} order */
const renderItems = ({ items, currency }) =>
  box(
    items.length === 1 ? "Item" : "Items",
    h(
      "ul",
      { class: "order-items" },
      ...items.map((item) =>
        h(
          "li",
          {},
          picture(item.picture, 96),
          h(
            "div",
            {},
            h("h3", {}, h("a", { href: `/products/${item.product_id}` }, item.title)),
            h("p", { class: "quiet" }, variantOf(item)),
            h(
              "p",
              { class: "quiet" },
              `${item.quantity} × ${money(item.unit_price_minor, currency)}`,
            ),
          ),
          h("p", { class: "price" }, money(item.quantity * item.unit_price_minor, currency)),
        ),
      ),
    ),
  );

/** @param {Order} order */
function renderTotals({ items, shipping_minor, total_minor, currency, payment }) {
  const sum = items.reduce((total, item) => total + item.quantity * item.unit_price_minor, 0);
  return box(
    "Payment",
    h(
      "dl",
      { class: "totals" },
      pair("Items", money(sum, currency)),
      pair("Shipping", shipping_minor ? money(shipping_minor, currency) : "Free"),
      h("div", { class: "total" }, h("dt", {}, "Total"), h("dd", {}, money(total_minor, currency))),
    ),
    payment && h("p", { class: "quiet" }, payment),
  );
}

/** @param {NonNullable<Order["address"]>} address */
const renderDelivery = (address) => box("Delivery address", renderAddress(address));

/** @param {Order} order */
const renderSeller = ({ seller }) =>
  box(
    "Seller",
    h(
      "div",
      { class: "seller-line" },
      h("span", { class: "avatar", "aria-hidden": "true" }, seller.name[0]),
      h(
        "div",
        {},
        h("p", {}, h("strong", {}, seller.name)),
        h(
          "p",
          { class: "quiet facts" },
          seller.rating != null &&
            h(
              "span",
              { class: "rating" },
              icon("star"),
              h("span", {}, `${seller.rating.toFixed(1)}`),
            ),
          h("span", {}, nameCountry(seller.country)),
          h("span", {}, `Replies within ${seller.reply_hours} h`),
        ),
      ),
    ),
  );

/** @param {Order} order */
const renderMessages = ({ messages, seller }) =>
  box(
    `Messages with ${seller.name}`,
    h(
      "ol",
      { class: "messages" },
      ...messages.map(({ author, text, sent_at }) =>
        h(
          "li",
          { "data-author": author },
          h(
            "p",
            { class: "quiet" },
            author === "shopper" ? "You" : seller.name,
            ", ",
            moment(sent_at),
          ),
          h("p", { class: "said-to-seller" }, text),
        ),
      ),
    ),
  );

/** @param {Order} order */
function renderChange(order) {
  if (order.status === "cancelled") return null;
  const article =
    "what_if_i_selected_the_wrong_size_or_model_of_an_item_but_have_already_placed_the_order";
  const text = order.can_cancel
    ? "It can still be cancelled, for as long as it has not been shipped."
    : "It can no longer be cancelled. The seller may know a solution.";
  const question = `I chose the wrong size or model in order ${number}`;
  return box(
    "Wrong size or model?",
    h("p", {}, text, " ", h("a", { href: `/help/placing-orders#${article}` }, "How changes work")),
    askButton(question, "chat", "Ask the help bot", "secondary small"),
  );
}

/** @param {Order} order */
function show(order) {
  const changed = status !== undefined && status !== order.status;
  status = order.status;
  const hadFocus = root.contains(document.activeElement);
  const side = [
    renderTotals(order),
    order.address && renderDelivery(order.address),
    renderSeller(order),
    renderChange(order),
  ];
  root.removeAttribute("aria-busy");
  root.replaceChildren(
    renderHead(order),
    h(
      "div",
      { class: "order-columns" },
      h(
        "div",
        {},
        renderWay(order),
        renderItems(order),
        order.messages.length > 0 && renderMessages(order),
      ),
      h("div", {}, ...side),
    ),
  );
  if (hadFocus) find("#main").focus();
  if (!changed) return;
  root.querySelector(".way-box")?.classList.add("changed");
  find("#order-said").textContent = `Order ${number} is now ${STATUSES[order.status]}.`;
}

follow({
  fetch: () => fetchOrder(number),
  show,
  showGuest: () => {
    status = undefined;
    setUpGuest(root, number);
  },
  fail: (error) => {
    status = undefined;
    root.removeAttribute("aria-busy");
    const title = h("h1", {}, `Order ${number}`);
    if (error instanceof OrderUnknown) root.replaceChildren(title, copyTemplate("order-missing"));
    else root.replaceChildren(title, renderFailure("The order cannot be shown right now."));
  },
});
