// @ts-check
/** Every word the widget itself says. Another language is another object of this shape. */

const en = {
  label: "Help",
  title: "Help Center",
  dialog: "Chat with the help center",
  close: "Close chat",
  restart: "Start over",
  restartAsk: "Start over? This chat will end.",
  restartNo: "Keep chat",
  log: "Conversation",
  composer: "Write a message",
  send: "Send",
  sending: "Sending",
  left: (/** @type {number} */ count) => `${count} characters left`,
  unread: (/** @type {number} */ count) => `${count} new`,
  newest: "New messages",
  divider: "New conversation",
  welcome: (/** @type {string | null} */ name) => (name ? `Hi ${name}` : "Hi there"),
  intro: "I am the shop’s help bot. Ask me about buying, delivery or an order of yours.",
  starters: ["Where is my order?", "How do I buy an item?", "I chose the wrong size"],
  senders: { shopper: "You", bot: "Help bot", agent: "Support", system: "Notice" },
  states: {
    bot: "Help bot",
    waiting: "Waiting for a person",
    agent: "You are talking with a person",
    closed: "This chat has ended",
  },
  failure: (/** @type {number} */ status) =>
    status === 413 || status === 422
      ? "Not sent: it is too long or could not be read."
      : "Not sent: this choice is no longer open.",
  notices: {
    offline: () => "You are offline. Messages are sent once you are back.",
    reconnecting: () => "Connection lost. Trying again.",
    busy: (/** @type {number} */ s) => `That was a lot at once. Going on in ${s} seconds.`,
    refused: () => "Your sign-in could not be confirmed. Please sign in again.",
  },
  order: (/** @type {string} */ number) => `Order ${number}`,
  orders: "Your orders",
  ask: (/** @type {string} */ number) => `Where is my order ${number}?`,
  more: (/** @type {number} */ count) => `and ${count} more`,
  free: "Free",
  facts: {
    shipping: "Shipping",
    total: "Total",
    placed: "Placed",
    carrier: "Carrier",
    tracking: "Tracking number",
    shipped: "Shipped",
    expected: "Expected",
    delivered: "Delivered",
    cancelled: "Cancelled",
    reason: "Reason",
    seller: "Seller",
    address: "Delivery address",
    payment: "Payment",
  },
  replies: (/** @type {number} */ hours) => `Usually replies within ${hours} hours`,
  sources: "From the help center",
  reviewed: (/** @type {string} */ date) => `Reviewed ${date}`,
};

/** @typedef {typeof en} Texts */

/** @type {Record<string, Texts>} */
const LANGUAGES = { en };

/** @param {string} language a BCP 47 tag, such as "en-GB" */
export const textsFor = (language) => LANGUAGES[language.split("-")[0]] ?? en;
