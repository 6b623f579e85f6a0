// @ts-check
/** One message as elements: who and when, the text, cards, sources, choices. */

import { renderCard, when } from "./cards.js";
import { button, h, icon, link, markdown, tool } from "./dom.js";

/** @import { Choice, Context, Message, OrderSummary, Source } from "./types.js" */

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
  const date = updated_at && h("small", texts.reviewed(when(locale, updated_at)));
  return h("li", icon("page"), h("span", link(url, title), date));
}

/** @param {Choice[]} choices @param {(choice: Choice) => void} choose */
export function renderChoices(choices, choose) {
  const buttons = choices.map((choice) => {
    const press = () => {
      element.classList.add("chosen");
      choose(choice);
    };
    const element = button(press, { part: "choice", dir: "auto" }, choice.title);
    return element;
  });
  return h("div.choices", { role: "group", "data-offers": true }, ...buttons);
}

/** @param {Element} bubble @param {Context} context */
function renderCopy(bubble, { texts, actions }) {
  const copy = async () => {
    await navigator.clipboard.writeText(/** @type {HTMLElement} */ (bubble).innerText);
    actions.say(texts.copied);
    element.replaceChildren(icon("done"));
  };
  const element = tool("copy", texts.copy, () => void copy().catch(() => {}));
  element.className = "copy";
  return element;
}

/** @param {Message} message @param {Context} context */
function renderVote({ id, helpful }, { texts, actions }) {
  const vote = (/** @type {boolean} */ value, /** @type {string} */ title) => {
    const press = async () => {
      try {
        await actions.vote(id, value);
        for (const one of both) one.ariaPressed = `${one === element}`;
        actions.say(texts.thanks);
      } catch {
        actions.say(texts.failed);
      }
    };
    const element = tool("up", title, press);
    element.ariaPressed = `${helpful === value}`;
    return element;
  };
  const both = [vote(true, texts.yes), vote(false, texts.no)];
  const attributes = { role: "group", "aria-label": texts.helpful };
  return h("div.vote", attributes, h("span", texts.helpful), ...both);
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
    else actions.ask(number);
  };
  const rendered = cards.map((card) => attempt(() => renderCard(card, context, press)));
  if (byOrder.size) for (const card of rendered) card?.setAttribute("data-offers", "");
  const pages = sources.map((source) => renderSource(source, context));
  const who = h("bdi", name || texts.senders[sender]);
  const time = h("time", { datetime: at }, when(locale, at, true));
  const own = sender === "shopper";
  // What a shopper typed is shown as typed.
  const content = text && (own ? text : markdown(text));
  const bubble = h("div", { part: "bubble", dir: "auto" }, content);
  const copies = !own && navigator.clipboard;
  const answers = sender === "bot" && !choices.length && pages.length + cards.length > 0;
  return h(
    "div",
    { part: `message ${sender}`, "data-sender": sender, "data-at": at },
    h("p.meta", who, " ", time),
    text && h("div.said", bubble, copies && renderCopy(bubble, context)),
    ...rendered,
    pages.length > 0 && h("ul.sources", { "aria-label": texts.sources }, ...pages),
    answers && renderVote(message, context),
    others.length > 0 && renderChoices(others, actions.choose),
  );
}
