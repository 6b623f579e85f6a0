"""HTML pages: questions as headings, accordions, definition lists or schema.org data.

A page that shows its questions and repeats them as data is read from what it shows; only questions
that are not shown are taken from JSON-LD.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import Tag

from bot.faq.articles import Article, LocatedArticle, article_id, question_problem
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.html_answer import Converted, convert_html, convert_nodes, parse_html, shorten
from bot.faq.readers.html_marks import FoundQuestion
from bot.faq.readers.html_page import PageFacts, find_facts
from bot.faq.readers.html_questions import find_questions
from bot.faq.readers.reading import Reading, Skipped
from bot.faq.readers.structured_data import DataQuestion, find_structured_data

_CONTENT = ('main, [role="main"]', "body")
_ANSWER_MARK = re.compile(r"A(nswer)?\s*[.:]\s+")


class HtmlReader:
    """Reads files ending in .html or .htm."""

    suffixes = frozenset({".html", ".htm"})

    def read(self, text: str, path: Path) -> Reading:
        """See `Reader.read`."""
        page = parse_html(text)
        data = find_structured_data(page, path)
        harvest = _Harvest(path, find_facts(page, data))
        questions, left_over = find_questions(_content(page))
        for one in left_over:
            harvest.skip(one.line, one.text, one.reason)
        for question in questions:
            harvest.take_shown(question)
        for asked in data.questions:
            harvest.take_data(asked)
        harvest.skipped += data.skipped
        return harvest.finish()


def _content(page: BeautifulSoup) -> Tag:
    for selector in _CONTENT:
        if found := page.select_one(selector):
            return found
    return page


@dataclass
class _Harvest:
    """Makes articles of the questions of one page."""

    path: Path
    facts: PageFacts
    articles: dict[str, list[LocatedArticle]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def skip(self, line: int | None, text: str, reason: str) -> None:
        self.skipped.append(Skipped(Place(self.path, line), shorten(text), reason))

    def take_shown(self, question: FoundQuestion) -> None:
        converted = convert_nodes(question.nodes, self.facts.base)
        anchor = question.anchor
        url = self.facts.url and f"{self.facts.url.partition('#')[0]}#{anchor}" if anchor else None
        self._take(
            question.line,
            question.text,
            converted,
            category=question.sections[-1] if question.sections else "",
            url=url or self.facts.url,
            phrasings=question.phrasings,
        )

    def take_data(self, asked: DataQuestion) -> None:
        if article_id(asked.text) not in self.articles:
            converted = convert_html(asked.answer, self.facts.base)
            # Lines within the data are not those of the page.
            lost = tuple(replace(one, line=asked.line) for one in converted.lost)
            converted = Converted(converted.markdown, lost)
            self._take(asked.line, asked.text, converted, url=self.facts.url)

    def _take(
        self,
        line: int,
        question: str,
        converted: Converted,
        *,
        category: str = "",
        url: str | None = None,
        phrasings: tuple[str, ...] = (),
    ) -> None:
        place = Place(self.path, line)
        for one in converted.lost:
            self.skip(one.line or line, one.text, one.reason)
        answer = _ANSWER_MARK.sub("", converted.markdown, count=1)
        if not answer:
            self.skip(line, question, "a question without an answer")
        elif message := question_problem(question):
            self.problems.append(Problem(place, message))
        else:
            crumbs = tuple(one for one in self.facts.breadcrumb if one != question)
            article = Article(
                question=question,
                answer=answer,
                category=category or (crumbs[-1] if crumbs else ""),
                breadcrumb=crumbs,
                url=url,
                updated_at=self.facts.updated_at,
                phrasings=phrasings,
            )
            self._add(LocatedArticle(article, place))

    def _add(self, located: LocatedArticle) -> None:
        same = self.articles.setdefault(located.article.id, [])
        if any(one.article.answer == located.article.answer for one in same):
            # Pages often hold their questions twice, for wide and for narrow screens.
            self.skip(located.place.line, located.article.question, "the same article once more")
        else:
            same.append(located)

    def finish(self) -> Reading:
        if not self.articles and not self.problems:
            message = (
                "no question with an answer found; a question is a heading that ends with a "
                "question mark, a <summary>, a <dt>, or a Question of schema.org"
            )
            self.problems.append(Problem(Place(self.path), message))
        if self.problems:
            raise ArticleError(self.problems)
        found = _flatten(self.articles.values())
        return Reading(found, tuple(sorted(self.skipped, key=lambda one: one.place.line or 0)))


def _flatten(groups: Iterable[list[LocatedArticle]]) -> tuple[LocatedArticle, ...]:
    found = [one for group in groups for one in group]
    return tuple(sorted(found, key=lambda one: one.place.line or 0))
