"""Check the articles of a help center: each by itself, beside one another, and in the project."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.faq.answering import check_rules
from bot.faq.articles import LocatedArticle, scan_articles
from bot.faq.confusion import MAX_ARTICLES, find_confusions
from bot.faq.coverage import find_refused
from bot.faq.findings import Finding, error, warning
from bot.faq.likeness import (
    Encoder,
    encode_asked,
    find_duplicates,
    find_shared_phrasings,
)
from bot.faq.links import check_links
from bot.faq.markup import find_oddities, holds_markup
from bot.faq.problems import Place
from bot.faq.project_data import read_project
from bot.faq.web_links import check_web_links

_ANNOTATION = re.compile(r"\[[^\]]+\][({]")  # `[8100](order_number)`, as in data/nlu.yml


@dataclass(frozen=True)
class CheckPlan:
    """What is checked beyond the files themselves.

    Attributes:
        today: The day from which reviews are counted.
        review_days: A review is asked for again after so many days.
        encoder: Finds what is alike; without it nothing is compared by meaning.
        project_dir: The project whose rules must answer the articles; without it none are read.
        web: Whether pages that articles link to are fetched.
    """

    today: date
    review_days: int
    encoder: Encoder | None = None
    project_dir: Path | None = None
    web: bool = False


def check_articles(directory: Path, plan: CheckPlan) -> list[Finding]:
    """List what is wrong or missing in the articles of a folder, by file and line.

    Raises:
        ArticleError: the folder does not exist or is not one.
    """
    located, problems = scan_articles(directory)
    findings = [error(one.place, one.message) for one in problems]
    if not located and not problems:
        message = "no article in it; write one, or read some with bot faq import"
        findings.append(error(Place(directory), message))
    for one in located:
        findings += _check_head(one)
        findings += _check_review(one, plan)
        findings += _check_answer(one)
        findings += _check_annotations(one)
    findings += _check_phrasings(located)
    findings += check_links(located)
    if plan.encoder and len(located) > 1:
        findings += _compare(located, plan.encoder)
        if len(located) > MAX_ARTICLES:
            message = f"over {MAX_ARTICLES:,} articles: not checked which are taken for others"
            findings.append(warning(Place(directory), message))
    if plan.project_dir:
        project = read_project(plan.project_dir)
        findings += check_rules(project)
        if plan.encoder and located:
            findings += find_refused(located, project, plan.encoder)
    if plan.web:
        findings += check_web_links(located)
    return sorted(findings, key=lambda one: (str(one.place.path), one.place.line or 0))


def _compare(located: Sequence[LocatedArticle], encoder: Encoder) -> list[Finding]:
    asked = encode_asked(located, encoder)
    findings = [
        *find_duplicates(located, asked, encoder),
        *find_shared_phrasings(located, asked),
    ]
    if len(located) <= MAX_ARTICLES:
        findings += find_confusions(located, asked)
    return findings


def _check_review(located: LocatedArticle, plan: CheckPlan) -> list[Finding]:
    reviewed = located.article.updated_at
    if reviewed is None:
        message = "no `updated_at`; add the day on which the answer was last reviewed"
    elif reviewed > plan.today:
        message = f"`updated_at` is {reviewed}, a day to come; write the day of the last review"
    elif plan.today - reviewed > timedelta(days=plan.review_days):
        days = (plan.today - reviewed).days
        message = f"last reviewed {days} days ago; read it again and set `updated_at`"
    else:
        return []
    return [warning(located.place, message)]


def _check_head(located: LocatedArticle) -> list[Finding]:
    article, place = located.article, located.place
    warnings = []
    if place.path.stem != article.id:
        warnings.append(f"the file is not named after its question; rename it to {article.id}.md")
    if not article.category:
        warnings.append("no `category`; add one so that the article can be listed")
    findings = [warning(place, message) for message in warnings]
    if holds_markup(article.question):
        message = "the question holds Markdown; it is shown as a title, write plain text"
        findings.append(error(place, message))
    return findings


def _check_answer(located: LocatedArticle) -> list[Finding]:
    return [
        error(
            Place(located.place.path, located.answer_line + oddity.line),
            f"the answer holds {oddity.message}",
        )
        for oddity in find_oddities(located.article.answer)
    ]


def _check_annotations(located: LocatedArticle) -> list[Finding]:
    return [
        error(located.place, f"{text!r} marks an entity; write plain text")
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
                yield error(located.place, message)
