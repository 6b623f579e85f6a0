"""What can be wrong with an article, and where.

ConfigurationError
└── ArticleError    article files that cannot be used; lists every problem found, not only the first
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, or the whole file where no line is to blame."""

    path: Path
    line: int | None = None

    def __str__(self) -> str:
        return str(self.path) if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """One thing to mend; the message says what is wrong and what to write instead."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ArticleError(ConfigurationError):
    """Article files cannot be used as they are; its text has one line a problem."""

    def __init__(self, found: Iterable[Problem]) -> None:
        self.found = tuple(found)
        super().__init__(*(str(problem) for problem in self.found))

    def __str__(self) -> str:
        return "\n".join(self.problems)
