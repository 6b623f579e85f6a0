"""Training data that repeats the test set: a model that learned the answers shows nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.errors import WorkFailed
from bot.evaluation.test_set import LabelledMessage
from bot.evaluation.training_texts import TrainingText

NEAR_COPY: Final = 0.9
"""Share of words in common, of all words of both, from which two texts say the same."""

SHORTEST_NEAR_COPY_WORDS: Final = 4
"""Shorter texts share their words by chance, so only exact copies count."""

SHOWN: Final = 10

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Overlap:
    """A training text that says, nearly word for word, what a test message says."""

    training: TrainingText
    message: LabelledMessage

    def __str__(self) -> str:
        return (
            f"{self.training.place}: {self.training.text!r} repeats the test message "
            f"{self.message.text!r} ({self.message.place})"
        )


def find_overlaps(
    texts: Iterable[TrainingText], messages: Collection[LabelledMessage]
) -> Iterator[Overlap]:
    """Yield each training text that repeats a message, whatever its case and punctuation."""
    exact = {_normalise(message.text): message for message in messages}
    long_messages = [
        (frozenset(words), message)
        for message in messages
        if len(words := _split(message.text)) >= SHORTEST_NEAR_COPY_WORDS
    ]
    for text in texts:
        copied = exact.get(_normalise(text.text)) or _find_near_copy(text.text, long_messages)
        if copied is not None:
            yield Overlap(text, copied)


def refuse_overlaps(texts: Iterable[TrainingText], messages: Collection[LabelledMessage]) -> None:
    """Check that no training text repeats a message.

    Raises:
        WorkFailed: It names the first ten by file and line.
    """
    found = list(find_overlaps(texts, messages))
    if not found:
        return
    lines = [str(overlap) for overlap in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"and {len(found) - SHOWN} more")
    lines.append(
        "take them out of the training data, since the test set is frozen, and train again"
    )
    raise WorkFailed("\n".join(lines))


def _find_near_copy(
    text: str, messages: Iterable[tuple[frozenset[str], LabelledMessage]]
) -> LabelledMessage | None:
    words = _split(text)
    if len(words) < SHORTEST_NEAR_COPY_WORDS:
        return None
    own = frozenset(words)
    for others, message in messages:
        if len(own & others) >= NEAR_COPY * len(own | others):
            return message
    return None


def _split(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _normalise(text: str) -> str:
    """The words alone; a text without any (an emoji, dots) as it is."""
    return " ".join(_split(text)) or "".join(text.split())
