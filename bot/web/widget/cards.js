// @ts-check
/** Orders and sellers as cards; days, times and money as the locale writes them. */

import { button, h } from "./dom.js";

/** @import { Card, Context, OrderCard, OrderSummary } from "./types.js" */

// How far an order has come; a cancelled one shows no way.
const STEPS = ["awaiting_payment", "awaiting_shipping", "awaiting_delivery", "completed"];

/** @param {string} locale @param {number} minor @param {string} currency */
function money(locale, minor, currency) {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    // No currency that the browser knows.
    return `${minor / 100} ${currency}`;
  }
}

/** A day, or a time of day. @param {string} locale @param {string} at @param {boolean} [time] */
export function when(locale, at, time) {
  const date = new Date(at);
  if (!+date) return at;
  if (time) return date.toLocaleTimeString(locale, { timeStyle: "short" });
  // A date without a time is the same day everywhere.
  const timeZone = at[10] ? undefined : "UTC";
  return date.toLocaleDateString(locale, { dateStyle: "medium", timeZone });
}

/** @param {{ status: string, status_text: string }} order */
const status = ({ status, status_text }) =>
  h("span.status", { "data-status": status }, status_text);

/** @param {OrderCard} card @param {Context} context */
function orderCard(card, { texts, locale }) {
  const { number, items = [], items_left_out: more, shipment, address, currency } = card;
  /** @param {string | null | undefined} at */
  const day = (at) => at && when(locale, at);
  const facts = {
    shipping: card.shipping_minor ? money(locale, card.shipping_minor, currency) : texts.free,
    total: money(locale, card.total_minor, currency),
    placed: day(card.placed_at),
    carrier: shipment?.carrier,
    tracking: shipment?.tracking_number,
    shipped: day(shipment?.shipped_at),
    expected: !shipment?.delivered_at && day(shipment?.expected_at),
    delivered: day(shipment?.delivered_at),
    cancelled: day(card.cancelled_at),
    reason: card.cancel_reason,
    seller: card.seller?.name,
    address: address && [address.recipient, ...address.lines].join(", "),
    payment: card.payment,
  };
  const rows = Object.entries(facts).map(
    ([name, value]) =>
      value &&
      h(
        "div",
        h("dt", texts.facts[/** @type {keyof facts} */ (name)]),
        h("dd", { dir: "auto" }, value),
      ),
  );
  const bought = items.map(({ title, variant, quantity, unit_price_minor }) => {
    const price = money(locale, unit_price_minor, currency);
    return h(
      "li.line",
      h("span", { dir: "auto" }, title, variant && h("small", variant)),
      h("span.price", quantity > 1 ? `${quantity} × ${price}` : price),
    );
  });
  const reached = STEPS.indexOf(card.status);
  const way = STEPS.map((_, step) => h(step > reached ? "i" : "i.done"));
  return h(
    "section",
    { part: "card", "aria-label": texts.order(number) },
    h("header.line", h("b", texts.order(number)), status(card)),
    reached >= 0 && h("div.way", { "aria-hidden": "true" }, ...way),
    h("ul.items", ...bought, more > 0 && h("li", texts.more(more))),
    h("dl", ...rows),
  );
}

/** @type {(orders: OrderSummary[], c: Context, press: (o: OrderSummary) => void) => HTMLElement} */
function orderList(orders, { texts, locale }, press) {
  const entries = orders.map((order) => {
    const { summary, number, placed_at, total_minor, currency } = order;
    const first = [h("b", { dir: "auto" }, summary), status(order)];
    const second = [
      h("small", h("bdi", number), ` · ${when(locale, placed_at)}`),
      h("span.price", money(locale, total_minor, currency)),
    ];
    const lines = [first, second].map((parts) => h("span.line", ...parts));
    return h("li", button(() => press(order), ...lines));
  });
  return h("ul", { part: "card orders", "aria-label": texts.orders }, ...entries);
}

/** @param {Card} card @param {Context} context @param {(order: OrderSummary) => void} press */
export function renderCard(card, context, press) {
  const { texts } = context;
  if (card.type === "order") return orderCard(card, context);
  if (card.type === "order_list") return orderList(card.orders, context, press);
  // One of a newer gateway.
  if (card.type !== "seller") return null;
  const { name, reply_hours, order_number } = card;
  const lines = [texts.replies(reply_hours), order_number && texts.order(order_number)];
  const about = lines.map((line) => line && h("small", line));
  return h("section", { part: "card seller" }, h("div", h("b", { dir: "auto" }, name), ...about));
}
