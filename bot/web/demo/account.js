// @ts-check
/** Who is signed in to the demo shop, and telling the chat. */

const KEY = "demo customer";
/** Told to the document when somebody signs in or out. */
export const CUSTOMER_EVENT = "demo-customer";
// A token lasts ten minutes; half of that leaves whoever gets it time to use it.
const KEPT_MS = 300_000;

/** @typedef {import("../widget/shop-chat.js").ShopChat} ShopChat */

export const chat = /** @type {ShopChat} */ (document.querySelector("shop-chat"));

const select = /** @type {HTMLSelectElement} */ (document.querySelector("#account"));
let kept = { customer: "", identity: "", until: 0 };
/** Whose conversation the chat shows. */
let told = "";

/** "" for a guest. */
export const currentCustomer = () => select.value;

/** Of the account that is chosen, also where it is a guest's. */
export const chosenAccount = () => select.selectedOptions[0];

/** The name to greet somebody by. */
export const currentName = () => (select.value ? chosenAccount().text : "");

/**
 * What a shop's own page does: it asks the shop's server for a token that says who this is.
 * @param {string} customer
 */
async function fetchIdentity(customer) {
  const response = await fetch("/demo/identity", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ customer }),
  });
  if (!response.ok) throw new Error(`no identity: ${response.status}`);
  return /** @type {string} */ ((await response.json()).identity);
}

/** @param {string} customer */
async function identityOf(customer) {
  if (kept.customer !== customer || kept.until < Date.now()) {
    kept = { customer, identity: await fetchIdentity(customer), until: Date.now() + KEPT_MS };
  }
  return kept.identity;
}

/** Fetches what belongs to the signed-in customer. @param {string} path */
export async function fetchOwn(path) {
  const identity = await identityOf(currentCustomer());
  return fetch(path, { headers: { Authorization: `Bearer ${identity}` } });
}

/** @param {string} customer "" signs out */
export function signIn(customer) {
  const before = told || recall();
  select.value = customer;
  remember(customer);
  // What a guest asked goes on after signing in; what a customer asked is nobody else's business.
  if (before) chat.logOut();
  identify();
  document.dispatchEvent(new Event(CUSTOMER_EVENT));
}

function identify() {
  const customer = (told = currentCustomer());
  if (customer) chat.identify(() => identityOf(customer));
}

function recall() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} customer */
function remember(customer) {
  try {
    localStorage.setItem(KEY, customer);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

select.value = recall();
// The shop may not know a customer of last time any more.
if (select.selectedIndex < 0) select.value = "";
identify();
select.addEventListener("change", () => signIn(currentCustomer()));
// Somebody else is signed in since, in another tab, or on the page after this one.
addEventListener("storage", ({ key }) => key === KEY && location.reload());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
