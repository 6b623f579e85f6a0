// @ts-check
/**
 * Every word the widget itself says. Another language is a file like `texts.de.js`, fetched when a
 * page needs it; what it lacks is said in English.
 */

const en = {
  label: "Help",
  title: "Help Center",
  close: "Close chat",
  menu: "More",
  restart: "Start over",
  end: "End chat",
  endAsk: "End this chat?",
  keep: "Keep chat",
  save: "Save transcript",
  sound: "Sound",
  log: "Conversation",
  composer: "Write a message",
  search: "Search, or ask a question",
  send: "Send",
  sending: "Sending",
  left: (/** @type {number} */ count) => `${count} characters left`,
  unread: (/** @type {number} */ count) => `${count} new`,
  newest: "New messages",
  divider: "New conversation",
  welcome: (/** @type {string | null} */ name) => (name ? `Hi ${name}` : "Hi there"),
  intro: "I am the shop’s help bot. Ask about buying, delivery or your orders.",
  /** What is sent, in the language of the bot; and how it is shown. */
  starters: {
    "Where is my order?": "Where is my order?",
    "Cancel an order": "Cancel an order",
    "Contact the seller": "Contact the seller",
  },
  asked: "Often asked",
  topics: "All topics",
  none: "No article found. Send it as a question.",
  senders: { shopper: "You", bot: "Help bot", agent: "Support", system: "Notice" },
  states: {
    waiting: "Waiting for a person",
    agent: "You are talking with a person",
    closed: "This chat has ended",
  },
  copy: "Copy",
  copied: "Copied",
  helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you.",
  rate: "How was this chat?",
  stars: (/** @type {number} */ count) => `${count} of 5 stars`,
  comment: "Anything to add?",
  failed: "That did not work. Please try again.",
  unreadable: "Not sent: it is too long or could not be read.",
  overtaken: "Not sent: this choice is no longer open.",
  notices: {
    offline: "You are offline. Messages are sent once you are back.",
    reconnecting: "Connection lost. Trying again.",
    busy: "One moment. Going on in % seconds.",
    refused: "Your sign-in could not be confirmed. Please sign in again.",
  },
  order: (/** @type {string} */ number) => `Order ${number}`,
  orders: "Your orders",
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

const OTHERS = ["ar", "de"];

/**
 * @param {string} tag a BCP 47 tag, such as "en-GB"
 * @returns {Promise<{ texts: Texts, dir?: string }>} `dir` where the texts are in that language
 */
export async function textsFor(tag) {
  const language = tag.split("-")[0].toLowerCase();
  if (!OTHERS.includes(language)) return { texts: en, dir: language === "en" ? "ltr" : undefined };
  try {
    const { default: texts } = await import(`./texts.${language}.js`);
    return { texts: { ...en, ...texts }, dir: language === "ar" ? "rtl" : "ltr" };
  } catch {
    return { texts: en };
  }
}
