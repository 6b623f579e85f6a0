// @ts-check
/** One message as elements: who and when, the text, cards, sources, choices. */

import { button, h, icon, link, markdown } from "./dom.js";

/** @import { Card, Choice, Context, Message, OrderCard, OrderSummary, Source } from "./types.js" */

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

/**
 * A day; or a moment: the time, with the day where that is not today.
 * @param {string} locale @param {string} at @param {boolean} [moment]
 */
function when(locale, at, moment) {
  const date = new Date(at);
  if (Number.isNaN(+date)) return at;
  /** @type {Intl.DateTimeFormatOptions} */
  const day = { day: "numeric", month: "short", year: "numeric" };
  // A date without a time is the same day everywhere.
  if (!moment) return date.toLocaleDateString(locale, at[10] ? day : { ...day, timeZone: "UTC" });
  const today = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
  return today ? time : `${date.toLocaleDateString(locale, { ...day, year: undefined })}, ${time}`;
}

/** @param {{ status: string, status_text: string }} order */
const status = ({ status, status_text }) =>
  h("span", { class: "status", "data-status": status }, status_text);

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
        {},
        h("dt", {}, texts.facts[/** @type {keyof facts} */ (name)]),
        h("dd", { dir: "auto" }, value),
      ),
  );
  const bought = items.map(({ title, variant, quantity, unit_price_minor }) => {
    const price = money(locale, unit_price_minor, currency);
    return h(
      "li",
      { class: "line" },
      h("span", { dir: "auto" }, title, variant && h("small", {}, variant)),
      h("span", { class: "price" }, quantity > 1 ? `${quantity} × ${price}` : price),
    );
  });
  const reached = STEPS.indexOf(card.status);
  const way = STEPS.map((_, step) => h("i", { class: step <= reached && "done" }));
  return h(
    "section",
    { class: "card", part: "card", "aria-label": texts.order(number) },
    h("header", { class: "line" }, h("b", {}, texts.order(number)), status(card)),
    reached >= 0 && h("div", { class: "way", "aria-hidden": "true" }, ...way),
    h("ul", { class: "items" }, ...bought, more > 0 && h("li", {}, texts.more(more))),
    h("dl", {}, ...rows),
  );
}

/** @type {(orders: OrderSummary[], c: Context, press: (o: OrderSummary) => void) => HTMLElement} */
function orderList(orders, { texts, locale }, press) {
  const entries = orders.map((order) => {
    const { summary, number, placed_at, total_minor, currency } = order;
    const first = [h("b", { dir: "auto" }, summary), status(order)];
    const second = [
      h("small", {}, h("bdi", {}, number), ` · ${when(locale, placed_at)}`),
      h("span", { class: "price" }, money(locale, total_minor, currency)),
    ];
    const lines = [first, second].map((parts) => h("span", { class: "line" }, ...parts));
    return h(
      "li",
      {},
      button({}, () => press(order), ...lines),
    );
  });
  return h("ul", { class: "card orders", part: "card", "aria-label": texts.orders }, ...entries);
}

/** @param {Card} card @param {Context} context @param {(order: OrderSummary) => void} press */
function renderCard(card, context, press) {
  const { texts } = context;
  if (card.type === "order") return orderCard(card, context);
  if (card.type === "order_list") return orderList(card.orders, context, press);
  // One of a newer gateway: the text says it as well.
  if (card.type !== "seller") return null;
  const { name, reply_hours, order_number } = card;
  const lines = [texts.replies(reply_hours), order_number && texts.order(order_number)];
  const about = h(
    "div",
    {},
    h("b", { dir: "auto" }, name),
    ...lines.map((l) => l && h("small", {}, l)),
  );
  return h("section", { class: "card seller", part: "card" }, icon("shop"), about);
}

/**
 * Where every order of a list has its own choice, a press on the entry is that choice.
 * @param {Message} message
 */
function choicesByOrder({ cards = [], choices = [] }) {
  const orders = cards.flatMap((card) => (card.type === "order_list" ? card.orders : []));
  const pairs = orders.map(({ number }) => {
    const [choice, other] = choices.filter(({ title }) => title.includes(number));
    return /** @type {const} */ ([number, other ? undefined : choice]);
  });
  return new Map(pairs.length > 1 && pairs.every(([, choice]) => choice) ? pairs : []);
}

/** @param {Source} source @param {Context} context */
function renderSource({ title, url, updated_at }, { texts, locale }) {
  const date = updated_at && h("small", {}, texts.reviewed(when(locale, updated_at)));
  return h("li", {}, icon("page"), h("span", {}, link(url, title), date));
}

/** @param {Choice[]} choices @param {(choice: Choice) => void} choose */
export function renderChoices(choices, choose) {
  const buttons = choices.map((choice) => {
    const press = () => {
      element.classList.add("chosen");
      choose(choice);
    };
    const element = button({ part: "choice", dir: "auto" }, press, choice.title);
    return element;
  });
  return h("div", { class: "choices", role: "group", "data-offers": true }, ...buttons);
}

/**
 * Cards are as the shop's actions make them, and may be anything: the text says it as well.
 * @template T @param {() => T} make
 */
function attempt(make) {
  try {
    return make();
  } catch {
    return null;
  }
}

/** @param {Message} message @param {Context} context */
export function renderMessage(message, context) {
  const { sender, name, at, text, choices = [], cards = [], sources = [] } = message;
  const { texts, locale, actions } = context;
  const byOrder = attempt(() => choicesByOrder(message)) ?? new Map();
  const others = choices.filter((choice) => ![...byOrder.values()].includes(choice));
  const press = (/** @type {OrderSummary} */ { number }) => {
    const choice = byOrder.get(number);
    if (choice) actions.choose(choice);
    else actions.ask(texts.ask(number));
  };
  const rendered = cards.map((card) => attempt(() => renderCard(card, context, press)));
  if (byOrder.size) for (const card of rendered) card?.setAttribute("data-offers", "");
  const pages = sources.map((source) => renderSource(source, context));
  const who = h("bdi", {}, name || texts.senders[sender]);
  const time = h("time", { datetime: at }, when(locale, at, true));
  // What a shopper typed is shown as typed.
  const content = text && (sender === "shopper" ? text : markdown(text));
  return h(
    "div",
    { class: "message", "data-sender": sender, part: `message ${sender}` },
    h("p", { class: "meta" }, who, " ", time),
    text && h("div", { class: "bubble", part: "bubble", dir: "auto" }, content),
    ...rendered,
    pages.length > 0 && h("ul", { class: "sources", "aria-label": texts.sources }, ...pages),
    others.length > 0 && renderChoices(others, actions.choose),
  );
}
