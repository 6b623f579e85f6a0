"""Until when an answer is of use to whoever asked for it.

The deadline of a call travels with its context, so that a store which waits for another machine
gives up when nobody listens any more.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """An instant of `time.monotonic`, which is also the clock of asyncio's event loops."""

    ends_at_s: float

    @classmethod
    def after(cls, duration_s: float) -> Self:
        return cls(time.monotonic() + duration_s)

    @property
    def remaining_s(self) -> float:
        """How long is left; zero or less once it has passed."""
        return self.ends_at_s - time.monotonic()


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def current_deadline() -> Deadline | None:
    """Give the deadline of the call under way; None if it may take any time."""
    return _CURRENT.get()


@contextmanager
def within(deadline: Deadline) -> Iterator[Deadline]:
    """Let a call end by this deadline, or by that of the call around it if that is earlier."""
    around = _CURRENT.get()
    earlier = min(deadline, around) if around else deadline
    token = _CURRENT.set(earlier)
    try:
        yield earlier
    finally:
        _CURRENT.reset(token)
