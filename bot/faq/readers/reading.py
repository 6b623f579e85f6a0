"""What every reader takes and gives back."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from bot.faq.articles import LocatedArticle
from bot.faq.problems import Place


@dataclass(frozen=True)
class Skipped:
    """A line that became part of no article, and why."""

    place: Place
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text!r} skipped: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What a reader found in one file."""

    articles: tuple[LocatedArticle, ...]
    skipped: tuple[Skipped, ...] = ()


class Reader(Protocol):
    """Reads one format of help-center export."""

    @property
    def suffixes(self) -> Set[str]:
        """Endings of file names in this format, in lower case and with their dot."""

    def read(self, text: str, path: Path) -> Reading:
        """Make articles of the text of a file; `path` is named in problems only.

        Raises:
            ArticleError: listing everything that keeps the file from being read.
        """


def parse_day(text: str) -> date | None:
    """Read a day or a moment as ISO 8601 writes it; None where it is neither."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None
