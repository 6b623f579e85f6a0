"""How many messages of a test set a model understood, in all and by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LabelScore:
    """Counts of one label.

    Attributes:
        n: Messages of the test set that have this label.
        right: How many of those the model gave this label.
        given: How often the model gave this label to any message.
    """

    n: int
    right: int
    given: int

    @property
    def recall(self) -> float:
        """Share of the label's messages that were understood, 0 to 1; 1 where there are none."""
        return self.right / self.n if self.n else 1.0

    @property
    def precision(self) -> float:
        """Share right of what got this label, 0 to 1; 1 where nothing did."""
        return self.right / self.given if self.given else 1.0


@dataclass(frozen=True)
class Scores:
    """What a model made of a test set.

    `model` is the name of its file without ending; `test_set_sha256` tells whether two scores can
    be compared at all.
    """

    model: str
    test_set_sha256: str
    labels: Mapping[str, LabelScore]

    @property
    def n(self) -> int:
        """Messages in the test set."""
        return sum(score.n for score in self.labels.values())

    @property
    def right(self) -> int:
        """Messages that got their label."""
        return sum(score.right for score in self.labels.values())

    @property
    def accuracy(self) -> float:
        """Share of messages that got their label, 0 to 1."""
        return self.right / self.n if self.n else 1.0

    def to_json(self) -> dict[str, Any]:
        """Return the scores as JSON values; `from_json` reads them back."""
        return {
            "model": self.model,
            "test_set_sha256": self.test_set_sha256,
            "labels": {label: asdict(score) for label, score in sorted(self.labels.items())},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Scores:
        """Read what `to_json` wrote; raises KeyError or TypeError for anything else."""
        return cls(
            model=str(values["model"]),
            test_set_sha256=str(values["test_set_sha256"]),
            labels={label: LabelScore(**score) for label, score in values["labels"].items()},
        )


def count_scores(pairs: Iterable[tuple[str, str]], *, model: str, test_set_sha256: str) -> Scores:
    """Count `(right label, label given)` pairs."""
    counted = list(pairs)
    messages = Counter(label for label, _ in counted)
    given = Counter(label for _, label in counted)
    right = Counter(label for label, other in counted if label == other)
    return Scores(
        model,
        test_set_sha256,
        {
            label: LabelScore(messages[label], right[label], given[label])
            for label in sorted({*messages, *given})
        },
    )
