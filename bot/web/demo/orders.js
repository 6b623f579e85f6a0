// @ts-check
/** The signed-in customer's orders: fetching them, and what they mean in words. */

import { CUSTOMER_EVENT, currentCustomer, fetchOwn } from "./account.js";

/**
 * @typedef {object} Item
 * @property {string} product_id
 * @property {string} title
 * @property {Record<string, string>} attributes
 * @property {number} quantity
 * @property {number} unit_price_minor
 * @property {string} picture
 */

/**
 * @typedef {object} Shipment
 * @property {string} carrier
 * @property {string} tracking_number
 * @property {string | null} shipped_at
 * @property {string | null} expected_at
 * @property {string | null} delivered_at
 */

/**
 * @typedef {object} Order
 * @property {string} number
 * @property {keyof typeof STATUSES} status
 * @property {string} placed_at
 * @property {Item[]} items
 * @property {number} shipping_minor
 * @property {number} total_minor
 * @property {string} currency
 * @property {{ name: string, country: string, reply_hours: number, rating: number | null }} seller
 * @property {Address | null} address
 * @property {string | null} payment
 * @property {Shipment | null} shipment
 * @property {string | null} cancelled_at
 * @property {string | null} cancel_reason
 * @property {boolean} can_cancel
 */

/**
 * @typedef {Record<"label" | "recipient" | "line1" | "city" | "region" | "postal_code" | "country",
 *   string>} Address
 */

/** @typedef {{ author: "shopper" | "seller", text: string, sent_at: string }} SellerMessage */

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string | null} at
 * @property {"done" | "now" | "next" | "off"} state
 * @property {string} [note] what it waits for
 */

export const STATUSES = {
  awaiting_payment: "Awaiting Payment",
  awaiting_shipping: "Awaiting Shipping",
  awaiting_delivery: "Awaiting Delivery",
  completed: "Completed",
  cancelled: "Cancelled",
};

/** @type {Record<string, string>} */
const REASONS = {
  changed_mind: "You changed your mind",
  wrong_item: "Wrong size or model",
  found_cheaper: "Found cheaper elsewhere",
  too_slow: "It took too long",
  other: "Another reason",
};

/** @param {Order} order */
export const reasonOf = ({ cancel_reason: reason }) => reason && (REASONS[reason] ?? reason);

/** @param {Item} item */
export const variantOf = ({ attributes }) => Object.values(attributes).join(", ");

/** @param {Order} order */
export const isLate = ({ status, shipment }) =>
  status === "awaiting_delivery" &&
  Boolean(shipment?.expected_at && new Date(shipment.expected_at) < new Date());

/** The way of an order, from placed to delivered or cancelled. @param {Order} order @returns {Step[]} */
export function stepsOf(order) {
  const { status, shipment } = order;
  const placed = /** @type {Step} */ ({ title: "Placed", at: order.placed_at, state: "done" });
  if (status === "cancelled")
    return [placed, { title: "Cancelled", at: order.cancelled_at, state: "off" }];
  const reached = Object.keys(STATUSES).indexOf(status);
  const state = (/** @type {number} */ needed) =>
    reached > needed ? "done" : reached === needed ? "now" : "next";
  return [
    placed,
    { title: "Paid", at: null, state: state(0), note: "Waiting for it" },
    { title: "Shipped", at: shipment?.shipped_at ?? null, state: state(1), note: "Being packed" },
    { title: "Delivered", at: shipment?.delivered_at ?? null, state: state(2), note: "On its way" },
  ];
}

export class OrderUnknown extends Error {}

/** @param {string} path */
async function read(path) {
  const response = await fetchOwn(path);
  if (response.status === 404) throw new OrderUnknown(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/** @returns {Promise<Order[]>} */
export const fetchOrders = async () => (await read("/demo/orders")).orders;

/** @param {string} number @returns {Promise<Order & { messages: SellerMessage[] }>} */
export const fetchOrder = (number) => read(`/demo/orders/${encodeURIComponent(number)}`);

/** The default one first. @returns {Promise<Address[]>} */
export const fetchAddresses = async () => (await read("/demo/addresses")).addresses;

/**
 * Keeps a page as the order store has it: now, when somebody signs in or out, when the bot has said
 * something (it may have changed an order), and when the page is looked at again.
 * @template T
 * @param {object} page
 * @param {() => Promise<T>} page.fetch
 * @param {(data: T) => void} page.show only when there is something new
 * @param {() => void} page.showGuest
 * @param {(error: unknown) => void} page.fail
 */
export function follow({ fetch, show, showGuest, fail }) {
  let newest = 0;
  let shown = "";
  const refresh = async () => {
    const mine = ++newest;
    if (!currentCustomer()) {
      shown = "";
      return showGuest();
    }
    try {
      const data = await fetch();
      const text = JSON.stringify(data);
      if (mine !== newest || text === shown) return;
      shown = text;
      show(data);
    } catch (error) {
      // What is shown already stays, unless it is somebody else's.
      if (mine === newest && (!shown || error instanceof OrderUnknown)) {
        shown = "";
        fail(error);
      }
    }
  };
  document.addEventListener(CUSTOMER_EVENT, () => {
    shown = "";
    void refresh();
  });
  document.addEventListener("shop-chat-message", ({ detail }) => {
    if (detail.sender !== "shopper") void refresh();
  });
  for (const name of ["shop-chat-open", "shop-chat-close"])
    document.addEventListener(name, () => void refresh());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void refresh();
  });
  addEventListener("demo-retry", () => void refresh());
  void refresh();
}
