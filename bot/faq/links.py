"""Links of answers within the help center: to pages, anchors and articles that must be there."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bot.faq.articles import Article, LocatedArticle
from bot.faq.findings import Finding, error, warning
from bot.faq.markup import find_links, is_safe_link
from bot.faq.problems import Place

_ZENDESK_PAGE = re.compile(r"(.*/articles/\d+)-[^/]*")
_FILE_ENDINGS = (".md", ".markdown")


@dataclass(frozen=True)
class AnswerLink:
    """Where an answer links to, and the line on which it does."""

    place: Place
    target: str


def answer_links(located: LocatedArticle) -> list[AnswerLink]:
    """List the links of an answer that a shopper may follow."""
    return [
        AnswerLink(Place(located.place.path, located.answer_line + line), target)
        for line, target in find_links(located.article.answer)
        if is_safe_link(target)
    ]


def check_links(articles: Sequence[LocatedArticle]) -> Iterator[Finding]:
    """Find links to articles, anchors and pages of the help center that are not there.

    The pages are known by the `url` of the articles. That an anchor is missing on such a page is an
    error; a page that no article has may still exist, so that is a warning.
    """
    known = _HelpCenter([one.article for one in articles])
    for located in articles:
        for link in answer_links(located):
            if finding := known.check(link):
                yield finding


def _split(address: str) -> tuple[str, str]:
    page, _, anchor = address.partition("#")
    # Zendesk knows an article by its number, whatever title follows it.
    numbered = _ZENDESK_PAGE.fullmatch(page)
    return numbered[1] if numbered else page, unquote(anchor)


def _path(page: str) -> str:
    return page.partition("?")[0]


class _HelpCenter:
    """The pages, anchors and ids that the articles tell of."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._by_id = {article.id: article for article in articles}
        self._anchors: dict[str, set[str]] = defaultdict(set)
        for article in articles:
            if article.url:
                page, anchor = _split(article.url)
                self._anchors[page] |= {anchor, article.id} - {""}
        self._folders = {page.rpartition("/")[0] + "/" for page in self._anchors} - {"/"}

    def check(self, link: AnswerLink) -> Finding | None:
        page, anchor = _split(link.target)
        if _path(page).endswith(_FILE_ENDINGS):
            return error(link.place, f"the link {link.target} leads to a file; link to its page")
        if not page:
            return self._check_bare_anchor(link, anchor)
        if page in self._anchors:
            if not anchor or anchor in self._anchors[page]:
                return None
            message = f"the link {link.target} leads to an anchor that no article of {page} has"
            return error(link.place, f"{message}; {self._say_what_is_there(page)}")
        if any(page.startswith(folder) for folder in self._folders):
            hint = self._hint(Path(_path(page)).name)
            return warning(link.place, f"the link {link.target}: no article has this page{hint}")
        return None

    def _check_bare_anchor(self, link: AnswerLink, anchor: str) -> Finding:
        if anchor not in self._by_id:
            return error(link.place, f"the link {link.target}: there is no article with this id")
        message = f"the link {link.target} works on the help page only; link to its address"
        return warning(link.place, f"{message}{self._hint(anchor)}")

    def _say_what_is_there(self, page: str) -> str:
        anchors = sorted(self._anchors[page])
        return f"there are {', '.join(anchors)}" if anchors else "link to the page itself"

    def _hint(self, article_id: str) -> str:
        article = self._by_id.get(article_id)
        return f", {article.url}" if article and article.url else "; check it"
