"""Articles of the help center: one question with its answer in one Markdown file.

The file is the article's only home: Rasa is trained from it and shoppers are answered from it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import frontmatter

from bot.faq import front_matter
from bot.faq.files import read_text, write_all
from bot.faq.front_matter import FrontMatter
from bot.faq.problems import ArticleError, Place, Problem

KEYS = ("question", "category", "breadcrumb", "url", "updated_at", "step", "phrasings")
STEPS = (
    "order_status",
    "order_details",
    "cancel_order",
    "contact_seller",
    "wrong_item",
    "check_purchase",
)
RETRIEVAL_INTENT = "faq"
MAX_ANSWER_CHARS = 20_000
"""About 3,000 words, fifteen minutes of reading: more than anybody reads in a chat."""

MAX_ID_CHARS = 200  # with `.md` and a temporary suffix it still fits every file system

_APOSTROPHES = re.compile("['’]")
_NOT_ID = re.compile("[^a-z0-9]+")


def article_id(question: str) -> str:
    """Derive the id that names the article in labels, files and links."""
    return _NOT_ID.sub("_", _APOSTROPHES.sub("", question.lower())).strip("_")


@dataclass(frozen=True)
class Article:
    """One question and the answer that shoppers get, word for word.

    `answer` is Markdown with bold, lists and links only. `step` names the flow with which the bot
    can do what the article describes. `phrasings` are other ways in which shoppers ask.
    """

    id: str = field(init=False)
    question: str
    answer: str
    category: str = ""
    breadcrumb: tuple[str, ...] = ()
    url: str | None = None
    updated_at: date | None = None
    phrasings: tuple[str, ...] = ()
    step: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", article_id(self.question))

    @property
    def intent(self) -> str:
        """The label of this article in training data and in what the bot understood."""
        return f"{RETRIEVAL_INTENT}/{self.id}"


def example_texts(article: Article) -> list[str]:
    """List the ways to ask for an article, the title first, each once whatever its case."""
    texts: dict[str, str] = {}
    for text in (article.question, *article.phrasings):
        texts.setdefault(text.casefold(), text)
    return list(texts.values())


@dataclass(frozen=True)
class LocatedArticle:
    """An article and the line on which it starts; its answer starts on `answer_line`."""

    article: Article
    place: Place
    answer_line: int = 1


def load_articles(directory: Path) -> tuple[Article, ...]:
    """Load every article below a folder, sorted by id.

    Raises:
        ArticleError: listing everything that is wrong with any of the files.
    """
    located, problems = scan_articles(directory)
    if problems:
        raise ArticleError(problems)
    return tuple(one.article for one in located)


def scan_articles(directory: Path) -> tuple[tuple[LocatedArticle, ...], tuple[Problem, ...]]:
    """Read every article below a folder that can be read, sorted by id, and list the problems.

    Raises:
        ArticleError: the folder does not exist or is not one.
    """
    if not directory.is_dir():
        reason = "is not a folder" if directory.exists() else "there is no such folder"
        raise ArticleError([Problem(Place(directory), f"{reason}; name the folder of articles")])
    located: list[LocatedArticle] = []
    problems: list[Problem] = []
    for path in sorted(directory.rglob("*.md")):
        try:
            located.append(read_article(path))
        except ArticleError as error:
            problems.extend(error.found)
    problems.extend(find_duplicates(located))
    return tuple(sorted(located, key=lambda one: one.article.id)), tuple(problems)


def read_article(path: Path) -> LocatedArticle:
    """Read one article file.

    Raises:
        ArticleError: listing everything that is wrong with it.
    """
    return parse_article(read_text(path), path)


def parse_article(text: str, path: Path) -> LocatedArticle:
    """Parse the text of an article file; `path` is named in problems only.

    Raises:
        ArticleError: listing everything that is wrong with it.
    """
    head, answer, answer_line = front_matter.split(text, path)
    head.report_unknown_keys(KEYS)
    question = head.text("question", required=True)
    if question and (message := question_problem(question)):
        head.report("question", message)
    if not answer:
        head.report("", "there is no answer; write it below the front matter")
    elif message := answer_problem(answer):
        head.problems.append(Problem(Place(path, answer_line), message))
    article = Article(
        question=question or "",
        answer=answer,
        category=head.text("category") or "",
        breadcrumb=_breadcrumb(head),
        url=head.url("url"),
        updated_at=head.day("updated_at"),
        phrasings=head.texts("phrasings"),
        step=head.choice("step", STEPS),
    )
    if head.problems:
        raise ArticleError(head.problems)
    return LocatedArticle(article, Place(path, head.line("question")), answer_line)


def _breadcrumb(head: FrontMatter) -> tuple[str, ...]:
    if isinstance(head.values.get("breadcrumb"), str):
        return split_breadcrumb(head.text("breadcrumb") or "")
    return head.texts("breadcrumb")


def split_breadcrumb(text: str) -> tuple[str, ...]:
    """Split a breadcrumb as help centers write it: `Shop > Service > Orders`."""
    return tuple(part.strip() for part in text.split(">") if part.strip())


def _render_breadcrumb(parts: tuple[str, ...]) -> str | list[str]:
    in_one_line = " > ".join(parts)
    return in_one_line if split_breadcrumb(in_one_line) == parts else list(parts)


def question_problem(question: str) -> str | None:
    """Say why an article cannot be named by this question, or return None."""
    name = article_id(question)
    if not name:
        return "the question needs at least one letter from a to z or digit for its id"
    if len(name) > MAX_ID_CHARS:
        return f"the question is too long; its id may have {MAX_ID_CHARS} characters"
    return None


def answer_problem(answer: str) -> str | None:
    """Say why an answer cannot be shown in a chat, or return None."""
    if len(answer) > MAX_ANSWER_CHARS:
        return (
            f"the answer has {len(answer):,} characters; at most {MAX_ANSWER_CHARS:,} can be read "
            "in a chat: split it into several questions, or sum it up and link to the page"
        )
    return None


def find_duplicates(located: Iterable[LocatedArticle]) -> list[Problem]:
    """List every article whose id another one already has, naming both places."""
    first: dict[str, Place] = {}
    problems = []
    for one in located:
        other = first.setdefault(one.article.id, one.place)
        if other is not one.place:
            message = f"its id {one.article.id} is also that of {other}; change or remove one"
            problems.append(Problem(one.place, message))
    return problems


def save_article(article: Article, directory: Path) -> Path:
    """Write the article to its own file in a folder, which is made if need be.

    Raises:
        ArticleError: the file cannot be written; an older one is then untouched.
    """
    path = directory / f"{article.id}.md"
    write_all({path: article_text(article)})
    return path


def article_text(article: Article) -> str:
    """Render the file of an article; keys without a value are left out."""
    values = {
        "question": article.question,
        "category": article.category,
        "breadcrumb": _render_breadcrumb(article.breadcrumb),
        "url": article.url,
        "updated_at": article.updated_at,
        "step": article.step,
        "phrasings": list(article.phrasings),
    }
    head = {key: value for key, value in values.items() if value}
    # The width keeps each text on one line: one phrasing, one line of a diff.
    text: str = frontmatter.dumps(
        frontmatter.Post(article.answer, **head), sort_keys=False, width=1_000_000
    )
    return text + "\n"
