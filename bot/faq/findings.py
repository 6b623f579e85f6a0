"""What checks find in the help center: errors and warnings, by file and line."""

from dataclasses import dataclass
from enum import StrEnum

from bot.faq.problems import Place


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


def error(place: Place, message: str) -> Finding:
    return Finding(Severity.ERROR, place, message)


def warning(place: Place, message: str) -> Finding:
    return Finding(Severity.WARNING, place, message)
