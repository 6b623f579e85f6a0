// @ts-check
/** Who is signed in to the demo shop, and telling the chat. */

const KEY = "demo customer";

/** Demo customers, with questions that fit what they have ordered. */
const CUSTOMERS = {
  "": {
    name: "Guest",
    hint: "As a guest, prove an order by its number and e-mail: 8100240012, ben@example.com.",
    tries: ["How do I buy an item?", "Where is my order?", "What can you do?"],
  },
  C100: {
    name: "Ana Torres",
    hint: "Ana has one order in every status.",
    tries: [
      "Where is my order 8100240003?",
      "Cancel 8100240002",
      "Cancel 8100240003",
      "How do I buy something?",
    ],
  },
  C101: {
    name: "Ben Okafor",
    hint: "Ben has one order to be shipped and one on its way.",
    tries: ["I picked the wrong size", "Where are my things?", "Write to the seller"],
  },
  C102: {
    name: "Chen Wei",
    hint: "Chen bought the same lamp twice within 24 hours.",
    tries: ["Why can’t I place an order?", "What is in my order 8100240021?"],
  },
  C103: {
    name: "Dana Levi",
    hint: "Dana’s candles are on their way from France.",
    tries: ["When do my candles arrive?", "Can I still cancel?"],
  },
  C104: {
    name: "Elif Kaya",
    hint: "Elif has not ordered anything yet.",
    tries: ["Show my orders", "How do I set my address?"],
  },
  C105: {
    name: "Farid Haddad",
    hint: "Farid’s order is late.",
    tries: ["My order should have shipped days ago", "Contact the seller"],
  },
  C106: {
    name: "Grace Kim",
    hint: "Grace has many orders open at once.",
    tries: ["Where is my order?", "I chose the wrong plug, cancel it"],
  },
  C107: {
    name: "Hugo Silva",
    hint: "Hugo has a long history of orders.",
    tries: ["Show my orders", "Cancel my last order"],
  },
};

/** @typedef {keyof typeof CUSTOMERS} CustomerId */
/** @typedef {import("../widget/shop-chat.js").ShopChat} ShopChat */

export const chat = /** @type {ShopChat} */ (document.querySelector("shop-chat"));

/** @returns {CustomerId} "" for a guest */
function currentCustomer() {
  try {
    const id = localStorage.getItem(KEY) ?? "";
    return id in CUSTOMERS ? /** @type {CustomerId} */ (id) : "";
  } catch {
    return "";
  }
}

/** @param {CustomerId} id */
function remember(id) {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

/**
 * What a shop's own page does: it asks the shop's server for a token that says who this is.
 * @param {CustomerId} customer
 */
async function fetchIdentity(customer) {
  const response = await fetch("/demo/identity", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ customer }),
  });
  if (!response.ok) throw new Error(`no identity: ${response.status}`);
  return (await response.json()).identity;
}

/**
 * Fills the account switcher and signs in whoever was signed in before.
 * @param {(customer: { name: string, hint: string, tries: string[] }) => void} changed
 */
export function setUpAccount(changed) {
  const select = /** @type {HTMLSelectElement} */ (document.querySelector("#account"));
  for (const [id, { name }] of Object.entries(CUSTOMERS)) select.add(new Option(name, id));
  const signIn = (/** @type {CustomerId} */ id) => {
    if (id) chat.identify(() => fetchIdentity(id));
    changed(CUSTOMERS[id]);
  };
  select.value = currentCustomer();
  signIn(currentCustomer());
  select.addEventListener("change", () => {
    const id = /** @type {CustomerId} */ (select.value);
    remember(id);
    chat.logOut();
    signIn(id);
  });
  document.querySelector("#my-orders")?.addEventListener("click", () => chat.ask("Show my orders"));
  document.querySelector("#open-chat")?.addEventListener("click", () => chat.open());
}
