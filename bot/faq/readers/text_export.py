"""The plain-text export of a help center: a breadcrumb, then numbered questions with bullets.

    Placing orders                                  <- category
    System > SHIPPING > Service > Placing orders    <- breadcrumb
    1. How do I purchase an item?                   <- question
      • Find the items that you need …              <- step of its answer

Such exports are text scraped from pages: they hold no-break spaces, doubled spaces, backslashes
before apostrophes, and shells of page parts that were empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from pathlib import Path

from bot.faq.articles import Article, LocatedArticle, question_problem, split_breadcrumb
from bot.faq.markup import escape
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.reading import Reading, Skipped

_SHELLS = frozenset(
    {
        "there are no items in the shopping cart.",
        "document help center",
        "article category list",
    }
)
_EMPTY_FIELD = re.compile(r"\*\s*\w+:")  # `* content:` with nothing after it
_NUMBERED = re.compile(r"(\d{1,4})[.)]\s+(\S.*)")
_BULLET = re.compile(r"[•◦▪‣·●*–-]\s+(\S.*)")
_BREADCRUMB = re.compile(r"[^>]*[^>\s]( > [^>]+)+")
_STRAY_BACKSLASHES = re.compile(r"\\+(?=['’\"])")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


class _Kind(Enum):
    BLANK = auto()
    SHELL = auto()
    NUMBERED = auto()
    BULLET = auto()
    TEXT = auto()


@dataclass(frozen=True)
class _Line:
    number: int
    kind: _Kind
    text: str  # cleaned, without bullet or number
    raw: str = ""
    indented: bool = False
    ordinal: int = 0


@dataclass
class _Entry:
    """A question whose answer is being collected; blocks are Markdown, `- ` for bullets."""

    line: _Line
    category: str
    breadcrumb: tuple[str, ...]
    blocks: list[str] = field(default_factory=list)
    steps: int = 0
    after_blank: bool = True


class TextExportReader:
    """Reads files ending in .txt."""

    suffixes = frozenset({".txt"})

    def read(self, text: str, path: Path) -> Reading:
        """See `Reader.read`."""
        lines = [_classify(number, raw) for number, raw in enumerate(text.split("\n"), 1)]
        export = _Export(path)
        for line, following in zip(lines, _following(lines), strict=True):
            export.take(line, following)
        return export.finish()


def _classify(number: int, raw: str) -> _Line:
    indented = raw[:1].isspace()
    text = clean(raw)
    if not text:
        return _Line(number, _Kind.BLANK, "")
    if text.lower() in _SHELLS or _EMPTY_FIELD.fullmatch(text):
        return _Line(number, _Kind.SHELL, text, text)
    if match := _NUMBERED.fullmatch(text):
        return _Line(number, _Kind.NUMBERED, match[2], text, indented, int(match[1]))
    if match := _BULLET.fullmatch(text):
        return _Line(number, _Kind.BULLET, match[1], text, indented)
    return _Line(number, _Kind.TEXT, text, text, indented)


def _following(lines: Sequence[_Line]) -> list[_Line | None]:
    """Find for each line the next one that holds something."""
    following: list[_Line | None] = []
    seen: _Line | None = None
    for line in reversed(lines):
        following.append(seen)
        if line.kind not in (_Kind.BLANK, _Kind.SHELL):
            seen = line
    return following[::-1]


def clean(raw: str) -> str:
    """Drop what scraping left in a line: no-break and doubled spaces, stray backslashes."""
    return _STRAY_BACKSLASHES.sub("", " ".join(_INVISIBLE.sub("", raw).split()))


class _Export:
    """Goes through the lines of one file once, top to bottom."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._category = ""
        self._breadcrumb: tuple[str, ...] = ()
        self._ordinal = 0
        self._entry: _Entry | None = None
        self._found: list[LocatedArticle] = []
        self._skipped: list[Skipped] = []
        self._problems: list[Problem] = []

    def take(self, line: _Line, following: _Line | None) -> None:
        if line.kind is _Kind.BLANK:
            if self._entry:
                self._entry.after_blank = True
        elif line.kind is _Kind.SHELL:
            self._skip(line, "an empty shell of the exported page")
        elif self._is_breadcrumb(line, following):
            self._start_section(line)
        elif self._is_category(line, following):
            self._category = line.text
        elif self._is_question(line):
            self._start_question(line)
        elif self._entry is None:
            self._skip(line, "text before the first question")
        else:
            _add(self._entry, line)

    def finish(self) -> Reading:
        self._close_entry()
        if not self._found and not self._problems:
            message = "no question found; each must start a line, as in `1. How do I pay?`"
            self._problems.append(Problem(Place(self._path), message))
        if self._problems:
            raise ArticleError(self._problems)
        skipped = sorted(self._skipped, key=lambda one: one.place.line or 0)
        return Reading(tuple(self._found), tuple(skipped))

    def _is_breadcrumb(self, line: _Line, following: _Line | None) -> bool:
        # An answer may also say `Account > Orders`; only a breadcrumb opens a section.
        if line.kind is not _Kind.TEXT or line.indented or not _BREADCRUMB.fullmatch(line.text):
            return False
        opens = following is not None and following.ordinal == 1
        return opens or self._entry is None

    def _is_category(self, line: _Line, following: _Line | None) -> bool:
        if line.kind is not _Kind.TEXT or line.indented or following is None:
            return False
        if split_breadcrumb(following.text)[-1:] == (line.text,) and ">" in following.text:
            return True
        return self._entry is None and not self._category and following.ordinal == 1

    def _is_question(self, line: _Line) -> bool:
        if line.kind is not _Kind.NUMBERED or line.indented:
            return False
        if line.text.endswith("?"):
            return True
        continues_steps = self._entry is not None and 0 < self._entry.steps == line.ordinal - 1
        return line.ordinal == self._ordinal + 1 and not continues_steps

    def _start_section(self, line: _Line) -> None:
        self._close_entry()
        self._breadcrumb = split_breadcrumb(line.text)
        self._category = self._breadcrumb[-1]
        self._ordinal = 0

    def _start_question(self, line: _Line) -> None:
        self._close_entry()
        self._ordinal = line.ordinal
        self._entry = _Entry(line, self._category, self._breadcrumb)

    def _close_entry(self) -> None:
        entry, self._entry = self._entry, None
        if entry is None:
            return
        place = Place(self._path, entry.line.number)
        if not entry.blocks:
            self._skip(entry.line, "a question without an answer")
        elif message := question_problem(entry.line.text):
            self._problems.append(Problem(place, message))
        else:
            article = Article(
                question=entry.line.text,
                answer=_join(entry.blocks),
                category=entry.category,
                breadcrumb=entry.breadcrumb,
            )
            self._found.append(LocatedArticle(article, place))

    def _skip(self, line: _Line, reason: str) -> None:
        self._skipped.append(Skipped(Place(self._path, line.number), line.raw, reason))


def _add(entry: _Entry, line: _Line) -> None:
    text = escape(line.text)
    if line.kind is _Kind.BULLET:
        entry.blocks.append(f"- {text}")
    elif line.kind is _Kind.NUMBERED:
        entry.steps = line.ordinal
        entry.blocks.append(f"{line.ordinal}. {text}")
    elif entry.blocks and not entry.after_blank:
        entry.blocks[-1] += f" {text}"  # a long line that the export broke
    else:
        entry.blocks.append(text)
    entry.after_blank = False


def _join(blocks: Sequence[str]) -> str:
    """Join blocks: items of one list on following lines, everything else a blank line apart."""
    text = blocks[0]
    for before, block in pairwise(blocks):
        same_list = _marker(block) is not None and _marker(before) == _marker(block)
        text += ("\n" if same_list else "\n\n") + block
    return text


def _marker(block: str) -> str | None:
    match = re.match(r"-|\d+(?=\. )", block)
    return match and ("-" if match[0] == "-" else "1")
