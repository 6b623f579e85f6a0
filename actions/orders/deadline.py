"""Until when a caller waits for a change: after that nobody hears of it, so it must not be made.

A caller that has given up tells the shopper that the outcome is unknown, and what the store says a
moment later. A change that still waited for a lock then, and was made after all, would turn that
into an untruth.
"""

from collections.abc import Callable
from contextvars import ContextVar
from time import monotonic
from typing import TypeVar

from actions.orders.store import OrderStoreUnavailable

Result = TypeVar("Result")

_GIVES_UP_AT_S: ContextVar[float | None] = ContextVar("gives_up_at_s", default=None)


def awaited_for(wait_s: float, call: Callable[[], Result]) -> Callable[[], Result]:
    """Give the same call, of which nobody wants to hear once `wait_s` from now have passed."""
    gives_up_at_s = monotonic() + wait_s

    def awaited() -> Result:
        token = _GIVES_UP_AT_S.set(gives_up_at_s)
        try:
            return call()
        finally:
            _GIVES_UP_AT_S.reset(token)

    return awaited


def require_somebody_waits() -> None:
    """Raise `OrderStoreUnavailable` if the caller has given up; a change is then taken back."""
    gives_up_at_s = _GIVES_UP_AT_S.get()
    if gives_up_at_s is not None and monotonic() >= gives_up_at_s:
        raise OrderStoreUnavailable("it took so long that nobody waits for it any more")
