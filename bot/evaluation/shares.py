"""A share of messages, with how far chance alone may have moved it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_95_PERCENT: Final = 1.959964


@dataclass(frozen=True)
class Share:
    """`count` messages of `of`."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times in 20 (Wilson 1927, score interval)."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = _95_PERCENT, self.of, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)
