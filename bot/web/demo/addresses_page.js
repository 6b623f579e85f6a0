// @ts-check
/** My Shipping Addresses, as the order store has them. */

import { copyTemplate, find, h } from "./elements.js";
import { setUpGuest } from "./guest.js";
import { renderAddress, renderFailure } from "./order_parts.js";
import { fetchAddresses, follow } from "./orders.js";

/** @typedef {import("./orders.js").Address} Address */

const root = find("#addresses");

/** @param {Address} address @param {number} index */
function renderBox(address, index) {
  const mark = index === 0 && h("span", { class: "pill" }, "Default");
  return h("li", { class: "box" }, h("h2", {}, address.label, mark), renderAddress(address));
}

/** @param {Address[]} addresses */
function show(addresses) {
  root.removeAttribute("aria-busy");
  if (!addresses.length) root.replaceChildren(copyTemplate("addresses-none"));
  else
    root.replaceChildren(
      h("ul", { class: "addresses" }, ...addresses.map(renderBox)),
      copyTemplate("addresses-after"),
    );
}

follow({
  fetch: fetchAddresses,
  show,
  showGuest: () => setUpGuest(root),
  fail: () => {
    root.removeAttribute("aria-busy");
    root.replaceChildren(renderFailure("Your addresses cannot be shown right now."));
  },
});
