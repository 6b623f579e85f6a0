// @ts-check
/** The help page of the demo shop, made from the same articles that the bot answers from. */

import { h, markdown } from "../widget/dom.js";
import { setUpAccount } from "./account.js";

/**
 * @typedef {object} Article
 * @property {string} id
 * @property {string} question
 * @property {string} answer_markdown
 * @property {string} category
 * @property {string | string[]} breadcrumb
 * @property {string | null} updated_at
 */

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** @param {Article} article */
function renderArticle({ id, question, answer_markdown, updated_at }) {
  const style = /** @type {const} */ ({ dateStyle: "medium", timeZone: "UTC" });
  const date = updated_at && new Date(updated_at).toLocaleDateString("en-US", style);
  return h(
    "article",
    { id, tabindex: -1 },
    h("h2", {}, question),
    markdown(answer_markdown),
    date && h("p", { class: "quiet" }, `Reviewed ${date}`),
  );
}

/** @param {Article[]} articles @param {string} words */
function show(articles, words) {
  const found = articles.filter(({ question, answer_markdown }) =>
    `${question} ${answer_markdown}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  find("#articles").replaceChildren(...found.map(renderArticle));
  const links = found.map(({ id, question }) => h("li", {}, h("a", { href: `#${id}` }, question)));
  find("#contents").replaceChildren(h("ul", {}, ...links));
  const none = `No article mentions “${words}”. The help bot may know.`;
  find("#found").textContent = found.length
    ? `${found.length} of ${articles.length} articles`
    : none;
}

setUpAccount(() => {});
/** @type {Article[]} */
const articles = await (await fetch("/demo/articles.json")).json();
const path = articles[0]?.breadcrumb ?? "";
find("#breadcrumb").textContent = Array.isArray(path) ? path.join(" › ") : path;
show(articles, "");
// The browser looked for the address's article before there was one.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
const input = /** @type {HTMLInputElement} */ (find("#search-text"));
input.addEventListener("input", () => show(articles, input.value));
find("#search").addEventListener("submit", (event) => event.preventDefault());
