"""Check article files for what can be found without a model."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.faq.articles import LocatedArticle, scan_articles
from bot.faq.markup import find_oddities, holds_markup
from bot.faq.problems import Place

_ANNOTATION = re.compile(r"\[[^\]]+\][({]")  # `[8100](order_number)`, as in data/nlu.yml


class Severity(StrEnum):
    """An error keeps the articles from being used or shown as meant; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that a maintainer should look at."""

    severity: Severity
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.message}"


def check_articles(directory: Path) -> list[Finding]:
    """List what is wrong or missing in the articles of a folder, by file and line.

    Raises:
        ArticleError: the folder does not exist or is not one.
    """
    located, problems = scan_articles(directory)
    findings = [Finding(Severity.ERROR, one.place, one.message) for one in problems]
    for one in located:
        findings += _check_head(one)
        findings += _check_answer(one)
        findings += _check_annotations(one)
    findings += _check_phrasings(located)
    return sorted(findings, key=lambda one: (str(one.place.path), one.place.line or 0))


def _check_head(located: LocatedArticle) -> list[Finding]:
    article, place = located.article, located.place
    warnings = []
    if place.path.stem != article.id:
        warnings.append(f"the file is not named after its question; rename it to {article.id}.md")
    if not article.category:
        warnings.append("no `category`; add one so that the article can be listed")
    if article.updated_at is None:
        warnings.append("no `updated_at`; add the day on which the answer was last reviewed")
    findings = [Finding(Severity.WARNING, place, message) for message in warnings]
    if holds_markup(article.question):
        message = "the question holds Markdown; it is shown as a title, write plain text"
        findings.append(Finding(Severity.ERROR, place, message))
    return findings


def _check_answer(located: LocatedArticle) -> list[Finding]:
    return [
        Finding(
            Severity.ERROR,
            Place(located.place.path, located.answer_line + oddity.line),
            f"the answer holds {oddity.message}",
        )
        for oddity in find_oddities(located.article.answer)
    ]


def _check_annotations(located: LocatedArticle) -> list[Finding]:
    return [
        Finding(Severity.ERROR, located.place, f"{text!r} marks an entity; write plain text")
        for text in located.article.phrasings
        if _ANNOTATION.search(text)
    ]


def _check_phrasings(articles: Sequence[LocatedArticle]) -> Iterable[Finding]:
    """Find wordings that two articles claim: no model can tell those apart."""
    first: dict[str, LocatedArticle] = {}
    for located in articles:
        for text in (located.article.question, *located.article.phrasings):
            other = first.setdefault(text.casefold(), located)
            if other is not located:
                message = f"{text!r} is also in {other.place.path}; keep it in one of them"
                yield Finding(Severity.ERROR, located.place, message)
