// @ts-check
/** Parts of an order that several pages show. */

import { h, icon, weekday } from "./elements.js";
import { isLate, reasonOf, STATUSES, stepsOf } from "./orders.js";

/** @typedef {import("./orders.js").Order} Order */

/** @param {Order} order */
export const renderPill = ({ status }) =>
  h("span", { class: "pill", "data-status": status }, STATUSES[status]);

/** One sentence that says where the order is. @param {Order} order */
export function renderSentence(order) {
  const { status, shipment } = order;
  if (status === "awaiting_payment") return h("p", {}, "Waiting for your payment.");
  if (status === "awaiting_shipping") return h("p", {}, `${order.seller.name} is packing it.`);
  if (status === "completed") return h("p", {}, "Delivered", ...on(shipment?.delivered_at), ".");
  if (status === "cancelled") {
    const reason = reasonOf(order);
    return h("p", {}, "Cancelled", ...on(order.cancelled_at), reason ? `. ${reason}.` : ".");
  }
  const late = isLate(order);
  const expected = shipment?.expected_at;
  if (!expected) return h("p", {}, "On its way.");
  return h("p", {}, late ? "Late: it was expected" : "On its way, expected", ...on(expected), ".");
}

/** @param {string | null | undefined} instant */
const on = (instant) => (instant ? [" on ", weekday(instant)] : []);

/** How far the order is, as a bar and in words. @param {Order} order */
export function renderProgress(order) {
  const steps = stepsOf(order);
  const marks = steps.map(({ state }) => h("i", { "data-state": state }));
  return h(
    "div",
    { class: "progress", "data-status": order.status, "data-late": isLate(order) },
    h("div", { class: "progress-bar", "aria-hidden": "true" }, ...marks),
    renderSentence(order),
  );
}

/** @param {import("./orders.js").Address} address */
export function renderAddress({ recipient, line1, city, region, postal_code, country }) {
  const place = [city, [region, postal_code].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  const lines = [recipient, line1, place, nameCountry(country)].filter(Boolean);
  return h("address", {}, ...lines.map((line) => h("span", {}, line)));
}

/** @param {string} code */
export function nameCountry(code) {
  try {
    return new Intl.DisplayNames("en", { type: "region" }).of(code) ?? code;
  } catch {
    // The order store knows countries that the browser does not.
    return code;
  }
}

/** @param {string} text */
export function renderFailure(text) {
  const again = h("button", { type: "button", class: "primary" }, "Try again");
  again.addEventListener("click", () => dispatchEvent(new Event("demo-retry")));
  return h("div", { class: "empty", role: "alert" }, icon("help"), h("h2", {}, text), again);
}
