"""Markdown: an article file of our own, or a page whose headings are questions."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.faq.articles import Article, LocatedArticle, parse_article, question_problem
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.reading import Reading, Skipped

_HEADING = re.compile(r"(#{1,2})\s+(.+?)(?:\s+#+)?\s*")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")


@dataclass
class _Section:
    line: int
    level: int
    title: str
    body: list[str] = field(default_factory=list)

    @property
    def answer(self) -> str:
        return "\n".join(self.body).strip()


class MarkdownReader:
    """Reads files ending in .md or .markdown.

    Without front matter each second-level heading is a question and the first-level heading above
    it the category; where there are only first-level headings, those are the questions.
    """

    suffixes = frozenset({".md", ".markdown"})

    def read(self, text: str, path: Path) -> Reading:
        """See `Reader.read`."""
        if text.lstrip().startswith("---"):
            return Reading((parse_article(text, path),))
        sections = _sections(text)
        level = max(section.level for section in sections)
        if level == 0:
            message = "no question found; start with a line `# How do I pay?` or front matter"
            raise ArticleError([Problem(Place(path), message)])
        return _read_sections(sections, level, path)


def _sections(text: str) -> list[_Section]:
    """Split at headings; the first section is what stands before any heading, at level 0."""
    sections = [_Section(1, 0, "")]
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            sections.append(_Section(number, len(heading[1]), heading[2]))
        else:
            sections[-1].body.append(line)
    return sections


def _read_sections(sections: list[_Section], level: int, path: Path) -> Reading:
    category = ""
    found: list[LocatedArticle] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for section in sections:
        place = Place(path, section.line)
        if section.level < level:
            category = section.title
            skipped += _skip_body(section, path)
        elif not section.answer:
            skipped.append(Skipped(place, section.title, "a question without an answer"))
        elif message := question_problem(section.title):
            problems.append(Problem(place, message))
        else:
            article = Article(section.title, section.answer, category)
            found.append(LocatedArticle(article, place, section.line + 1))
    if not found and not problems:
        problems.append(
            Problem(Place(path), "no question has an answer; write it below its heading")
        )
    if problems:
        raise ArticleError(problems)
    return Reading(tuple(found), tuple(skipped))


def _skip_body(section: _Section, path: Path) -> list[Skipped]:
    first = section.line + (1 if section.level else 0)
    return [
        Skipped(Place(path, number), line.strip(), "text that belongs to no question")
        for number, line in enumerate(section.body, first)
        if line.strip()
    ]
