"""Durations and what is said about them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Summary:
    """Durations of one kind of turn in milliseconds, and how many answers were the wrong ones."""

    turns: int
    median_ms: float
    p99_ms: float
    wrong: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the summary with as many digits as mean something."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


def summarise(durations_s: Sequence[float], *, wrong: int = 0) -> Summary:
    """Reduce durations in seconds to their median and 99th percentile.

    Raises:
        ValueError: There are none.
    """
    ordered = sorted(durations_s)
    if not ordered:
        raise ValueError("no durations to summarise")
    # The nearest rank: a measured value, never one between two.
    p99 = ordered[max(0, -(-len(ordered) * 99 // 100) - 1)]
    return Summary(len(ordered), statistics.median(ordered) * 1000, p99 * 1000, wrong)
