// @ts-check
/** The start screen: a greeting, what is asked most, the help center, and a search in it. */

import { button, h, icon } from "./dom.js";
import { renderChoices } from "./render.js";

/** @import { Context, Help, HelpArticle } from "./types.js" */

const MOST_FOUND = 6;
// Shorter ones tell no article from another.
const MIN_PIECE = 3;

/** As the index spells words (docs/http.md). @param {string} text */
const cut = (text) =>
  text
    .toLowerCase()
    .replace(/['’]/g, "")
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * The articles that know the most words of what was typed, best first.
 * @param {HelpArticle[]} articles @param {string} typed
 */
export function search(articles, typed) {
  const pieces = cut(typed).filter((piece) => piece.length >= MIN_PIECE);
  return articles
    .map((article) => {
      const words = cut(`${article.title} ${article.words}`);
      const known = pieces.filter((piece) => words.some((word) => word.startsWith(piece)));
      return { article, score: known.length };
    })
    .filter(({ score }) => score)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_FOUND)
    .map(({ article }) => article);
}

export class Start {
  #context;
  #greeting = h("div");
  #help = h("div");
  #status = h("p", { class: "fate", role: "status" });
  #results = h("div");
  #found = h("div", { hidden: true }, this.#status, this.#results);
  /** @type {HelpArticle[]} */
  #articles = [];
  element = h("div", { part: "welcome", "aria-live": "off" }, this.#greeting, this.#found, this.#help);

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** @param {string | null} name */
  welcome(name) {
    const { texts, actions } = this.#context;
    const starters = Object.entries(texts.starters).map(([id, title]) => ({ id, title }));
    this.#greeting.replaceChildren(
      h("h2", { dir: "auto" }, texts.welcome(name)),
      h("p", {}, texts.intro),
      renderChoices(starters, ({ id }) => actions.ask(id, true)),
    );
  }

  /** @param {Help} help */
  show({ most_asked, categories }) {
    const { texts } = this.#context;
    this.#articles = categories.flatMap(({ articles }) => articles);
    const topics = categories.map(({ name, articles }) => {
      const topic = h("details", {}, h("summary", { dir: "auto" }, name ?? texts.menu));
      // A big help center is built as far as it is opened.
      const fill = () => topic.append(...this.#list(articles));
      topic.addEventListener("toggle", fill, { once: true });
      return topic;
    });
    this.#help.replaceChildren(
      ...this.#list(most_asked, texts.asked),
      ...(topics.length ? [h("h3", {}, texts.topics), h("div", { part: "card" }, ...topics)] : []),
    );
  }

  /** Shows what fits instead of the topics. @param {string} typed */
  search(typed) {
    const searching = this.#articles.length > 0 && cut(typed).join("").length >= MIN_PIECE;
    this.#found.hidden = !searching;
    this.#greeting.hidden = this.#help.hidden = searching;
    if (!searching) return;
    const { texts } = this.#context;
    const found = search(this.#articles, typed);
    this.#status.textContent = found.length ? texts.sources : texts.none;
    this.#results.replaceChildren(...this.#list(found));
  }

  /** @param {Pick<HelpArticle, "title">[]} articles @param {string} [heading] */
  #list(articles, heading) {
    const { actions } = this.#context;
    const entries = articles.map(({ title }) =>
      h("li", {}, button({ dir: "auto" }, () => actions.ask(title, true), icon("page"), title)),
    );
    if (!entries.length) return [];
    const list = h("ul", { part: "card articles" }, ...entries);
    return heading ? [h("h3", {}, heading), list] : [list];
  }
}
