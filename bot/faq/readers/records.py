"""Articles as records of named values, the rows of a table or the objects of a JSON file."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.faq.articles import Article, LocatedArticle, question_problem
from bot.faq.front_matter import is_page_address
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.html_answer import collapse, shorten
from bot.faq.readers.reading import Reading, Skipped, parse_day
from bot.faq.readers.written_answer import read_written_answer

FIELDS = ("question", "answer", "category", "phrasings", "url", "updated_at")


@dataclass(frozen=True)
class Record:
    """One record and the line on which it starts."""

    line: int
    values: Mapping[str, Any]


def field_name(name: str) -> str:
    """Match names as people write them: `Updated At` is `updated_at`."""
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def read_records(records: Iterable[Record], path: Path) -> Reading:
    """Make an article of each record that has an answer; values that are not read are reported.

    Raises:
        ArticleError: listing everything that is wrong with any record.
    """
    found: list[LocatedArticle] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for record in records:
        reader = _RecordReader(Place(path, record.line), record.values)
        article = reader.read()
        skipped += reader.skipped
        problems += reader.problems
        if article and not reader.problems:
            found.append(LocatedArticle(article, reader.place))
    if not found and not problems:
        problems.append(Problem(Place(path), "no question has an answer; fill in `answer`"))
    if problems:
        raise ArticleError(problems)
    return Reading(tuple(found), tuple(skipped))


@dataclass
class _RecordReader:
    """Checks the values of one record; problems and what is skipped grow on the way."""

    place: Place
    values: Mapping[str, Any]
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Article | None:
        for name in self.values:
            if name not in FIELDS:
                reason = f"a field that is not read; read are {', '.join(FIELDS)}"
                self.skipped.append(Skipped(self.place, name, reason))
        question = self._line("question")
        answer = self._answer()
        if not question:
            if not self.problems:
                self._report("there is no `question`; write it, or remove the record")
        elif message := question_problem(question):
            self._report(message)
        if question and not answer:
            self.skipped.append(Skipped(self.place, question, "a question without an answer"))
            return None
        return Article(
            question=question,
            answer=answer,
            category=self._line("category"),
            url=self._url(),
            updated_at=self._day(),
            phrasings=self._phrasings(),
        )

    def _report(self, message: str) -> None:
        self.problems.append(Problem(self.place, message))

    def _text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self._report(f"`{name}` must be a text, it is {shorten(repr(value), 40)}")
        return ""

    def _line(self, name: str) -> str:
        return collapse(self._text(name)).strip()

    def _answer(self) -> str:
        markdown, skipped = read_written_answer(self._text("answer"), self.place)
        self.skipped += skipped
        return markdown

    def _url(self) -> str | None:
        url = self._text("url")
        if url and not is_page_address(url):
            self._report(f"`url` is {shorten(url)!r}; start it with https://, http:// or /")
        return url or None

    def _day(self) -> date | None:
        text = self._text("updated_at")
        day = parse_day(text)
        if text and day is None:
            self._report(f"`updated_at` is {shorten(text)!r}; write a day such as 2026-11-20")
        return day

    def _phrasings(self) -> tuple[str, ...]:
        value = self.values.get("phrasings")
        texts: Sequence[Any] = value if isinstance(value, list) else []
        if not isinstance(value, list):
            texts = re.split(r"[\n|]", self._text("phrasings"))
        elif not all(isinstance(text, str) for text in value):
            self._report("`phrasings` must be a list of texts, or one text with | between them")
            return ()
        return tuple(dict.fromkeys(line for text in texts if (line := collapse(text).strip())))
