"""What is counted of what the bot made of public test messages."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sklearn.metrics import roc_auc_score

from bot.nlu.labels import OUT_OF_SCOPE

Meaning = Mapping[str, Any]
"""What `bot parse` prints of a message."""


@dataclass(frozen=True)
class InScope:
    """Messages with a label; but for the first two the counts add up to `messages`.

    Attributes:
        messages: All of them.
        best_right: The best label, `out_of_scope` aside, is the right one, believed or not.
        answered_right: Acted on, with the right label.
        answered_wrong: Acted on, with a wrong one.
        asked_right: Asked about, the right label among the choices.
        asked_wrong: Asked about without it.
        split: Taken for several questions, each answered by itself.
        rejected: Not understood.
    """

    messages: int
    best_right: int
    answered_right: int
    answered_wrong: int
    asked_right: int
    asked_wrong: int
    split: int
    rejected: int

    @property
    def accuracy(self) -> float:
        """Share of messages whose best label is right."""
        return self.best_right / self.messages

    def share(self, count: int) -> float:
        """A count as a share of all messages."""
        return count / self.messages

    def as_json(self) -> dict[str, Any]:
        """Return the counts and the accuracy."""
        return {"accuracy": round(self.accuracy, 5), **asdict(self)}


@dataclass(frozen=True)
class OutOfScope:
    """Messages that no label covers; the right thing is to reject them."""

    messages: int
    rejected: int
    asked: int
    split: int
    answered: int

    def share(self, count: int) -> float:
        """A count as a share of all messages."""
        return count / self.messages

    def as_json(self) -> dict[str, Any]:
        """Return the counts."""
        return asdict(self)


@dataclass(frozen=True)
class Spread:
    """One figure over several draws of the training messages."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the draws."""
        return statistics.fmean(self.values)

    @property
    def deviation(self) -> float:
        """Standard deviation of the draws; 0 if there is only one."""
        return statistics.stdev(self.values) if len(self.values) > 1 else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return mean, deviation and range, and the values in the order of the draws."""
        return {
            "mean": round(self.mean, 5),
            "standard_deviation": round(self.deviation, 5),
            "min": round(min(self.values), 5),
            "max": round(max(self.values), 5),
            "values": [round(value, 5) for value in self.values],
        }


def best_label(meaning: Meaning) -> str | None:
    """Give the most likely label that is not `out_of_scope`; None where the ranking has none."""
    labels = (rank["intent"] for rank in meaning["ranking"])
    return next((label for label in labels if label != OUT_OF_SCOPE), None)


def count_in_scope(meanings: Sequence[Meaning], labels: Sequence[str]) -> InScope:
    """Count what became of messages that have a label."""
    outcomes = [_judge(meaning, label) for meaning, label in zip(meanings, labels, strict=True)]
    rights = (best_label(meaning) == label for meaning, label in zip(meanings, labels, strict=True))
    names = ("answered_right", "answered_wrong", "asked_right", "asked_wrong", "split", "rejected")
    return InScope(len(labels), sum(rights), *(outcomes.count(name) for name in names))


def count_out_of_scope(meanings: Sequence[Meaning]) -> OutOfScope:
    """Count what became of messages that no label covers."""
    outcomes = [_judge(meaning, OUT_OF_SCOPE).split("_")[0] for meaning in meanings]
    names = ("rejected", "asked", "split", "answered")
    return OutOfScope(len(meanings), *(outcomes.count(name) for name in names))


def separate(
    meanings: Sequence[Meaning], labels: Sequence[str], outside: Sequence[Meaning]
) -> float:
    """Area under the ROC curve of the confidence: right best labels against what is out of scope.

    0.5 is chance. A confidence is that of the best label, whatever the rule makes of it.
    """
    right = [
        meaning["confidence"]
        for meaning, label in zip(meanings, labels, strict=True)
        if best_label(meaning) == label
    ]
    others = [meaning["confidence"] for meaning in outside]
    truths = [1] * len(right) + [0] * len(others)
    return float(roc_auc_score(truths, right + others))


def _judge(meaning: Meaning, label: str) -> str:
    if meaning.get("parts"):
        return "split"
    if meaning["clarify"]:
        return "asked_right" if label in meaning["clarify"] else "asked_wrong"
    if meaning["intent"] == OUT_OF_SCOPE:
        return "rejected"
    return "answered_right" if meaning["intent"] == label else "answered_wrong"
