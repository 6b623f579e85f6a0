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

/** @typedef {{ title: string, words: string[] }} Entry */

/**
 * The articles that know the most words of what was typed, best first.
 * @param {Entry[]} entries @param {string} typed
 */
function findArticles(entries, typed) {
  const pieces = cut(typed).filter((piece) => piece.length >= MIN_PIECE);
  /** @param {Entry} entry */
  const known = ({ words }) =>
    pieces.filter((piece) => words.some((word) => word.startsWith(piece))).length;
  return entries
    .filter(known)
    .sort((a, b) => known(b) - known(a))
    .slice(0, MOST_FOUND);
}

/** @param {Context} context */
export function createStart({ texts, actions }) {
  const greeting = h("div");
  const topics = h("div");
  const status = h("p.fate", { role: "status" });
  const results = h("div");
  const found = h("div", { hidden: true }, status, results);
  /** @type {Entry[]} */
  let all = [];

  /** @param {Pick<HelpArticle, "title">[]} articles @param {string} [heading] */
  const list = (articles, heading) => {
    const entries = articles.map(({ title }) =>
      h("li", button(() => actions.ask(title, true), { dir: "auto" }, icon("page"), title)),
    );
    if (!entries.length) return [];
    return [heading && h("h3", heading), h("ul", { part: "card articles" }, ...entries)];
  };

  return {
    element: h("div", { part: "welcome", "aria-live": "off" }, greeting, found, topics),

    /** @param {string | null} name */
    welcome(name) {
      const starters = Object.entries(texts.starters).map(([id, title]) => ({ id, title }));
      greeting.replaceChildren(
        h("h2", { dir: "auto" }, texts.welcome(name)),
        h("p", texts.intro),
        renderChoices(starters, ({ id }) => actions.ask(id, true)),
      );
    },

    /** @param {Help} help */
    show({ most_asked, categories }) {
      all = categories.flatMap(({ articles }) =>
        articles.map(({ title, words }) => ({ title, words: cut(`${title} ${words}`) })),
      );
      const groups = categories.map(({ name, articles }) => {
        const group = h("details", h("summary", { dir: "auto" }, name ?? texts.menu));
        // A big help center is built as far as it is opened.
        const fill = () => group.append(h("div", ...list(articles)));
        group.addEventListener("toggle", fill, { once: true });
        return group;
      });
      const more = groups.length > 0 && [h("h3", texts.topics), h("div", { part: "card" }, ...groups)];
      topics.replaceChildren(h("div", ...list(most_asked, texts.asked), ...(more || [])));
    },

    /** Shows what fits instead of the topics. @param {string} typed */
    search(typed) {
      const searching = all.length > 0 && cut(typed).join("").length >= MIN_PIECE;
      found.hidden = !searching;
      greeting.hidden = topics.hidden = searching;
      if (!searching) return;
      const articles = findArticles(all, typed);
      status.textContent = articles.length ? texts.sources : texts.none;
      results.replaceChildren(h("div", ...list(articles)));
    },
  };
}
