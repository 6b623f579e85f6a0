"""The gate: may a candidate take the live model's place?

Both are scored on the same test set. The candidate may lose recall on a label by at most the
margin, and must not understand fewer messages in all.

One lost message is always allowed, unless the margin is zero: it is the smallest step there is, and
messages near the threshold change sides at every training. With the default margin of 5 % that
matters only for labels with fewer than 20 messages. What such labels lose, others must gain, since
the total may not fall.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from bot.evaluation.scores import LabelScore, Scores

DEFAULT_MARGIN: Final = 0.05


@dataclass(frozen=True)
class Rules:
    """What the gate allows.

    Attributes:
        margin: Recall that a label may lose, 0 to 1.
        removed: Labels that were taken out on purpose; they are not compared.
    """

    margin: float = DEFAULT_MARGIN
    removed: frozenset[str] = frozenset()


def find_losses(candidate: Scores, live: Scores, rules: Rules) -> list[str]:
    """Return one reason for each thing that is worse by more than is allowed; none means passed.

    Raises:
        ValueError: The scores are those of different test sets, and say nothing together.
    """
    if candidate.test_set_sha256 != live.test_set_sha256:
        raise ValueError("scores of different test sets cannot be compared")
    return [*_label_losses(candidate, live, rules), *_total_loss(candidate, live, rules)]


def find_missing_labels(
    candidate: Collection[str], live: Collection[str], rules: Rules
) -> list[str]:
    """Return one reason for each label that the live model knows and the candidate does not."""
    missing = sorted({*live} - {*candidate} - rules.removed)
    return [
        f"{label} is missing: the live model knows it (--without {label} if it was removed on "
        "purpose)"
        for label in missing
    ]


def _label_losses(candidate: Scores, live: Scores, rules: Rules) -> Iterator[str]:
    for label, before in sorted(live.labels.items()):
        after = candidate.labels.get(label, LabelScore(before.n, 0, 0))
        if label not in rules.removed and before.right - after.right > _allowed(before.n, rules):
            yield f"{_tell(label, before, after)}, more than the margin of {rules.margin:.1%}"


def _allowed(messages: int, rules: Rules) -> float:
    """How many messages of a label may be lost."""
    # The product of two decimals may lie a little below the whole number that is meant.
    return max(1.0, rules.margin * messages + 1e-9) if rules.margin > 0 else 0.0


def _total_loss(candidate: Scores, live: Scores, rules: Rules) -> Iterator[str]:
    before, after = _total(live, rules), _total(candidate, rules)
    if after.right < before.right:
        yield f"{_tell('total', before, after)}; it may not fall"


def _total(scores: Scores, rules: Rules) -> LabelScore:
    compared = [score for label, score in scores.labels.items() if label not in rules.removed]
    return LabelScore(sum(one.n for one in compared), sum(one.right for one in compared), 0)


def _tell(name: str, before: LabelScore, after: LabelScore) -> str:
    return (
        f"{name} falls from {before.recall:.1%} to {after.recall:.1%} "
        f"({before.right} to {after.right} of {before.n} messages)"
    )
