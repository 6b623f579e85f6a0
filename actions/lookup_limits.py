"""How often a guest may guess an order number and e-mail address before look-ups are locked.

A look-up is counted as failed before it is made, and taken back when it finds its order. So guesses
made at the same instant, in any number of sessions and processes, are all counted before one of
them is answered.

Whoever knows an order's number could keep its owner out by guessing on. So while an order is
locked, a network address that has not guessed at it lately may still try a little; those failures
count for that address alone and never make the lock longer.
"""

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from actions.orders.store import Clock

LOCK: Final = timedelta(minutes=15)
# Many shoppers may share one network address, so it takes more failures to lock it.
FAILURES_PER_SESSION: Final = 5
FAILURES_PER_ORDER: Final = 10
FAILURES_PER_ADDRESS: Final = 30
# Of one address with one order that is locked already: a typing error and its correction.
FAILURES_WHILE_LOCKED: Final = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures under one key, within `LOCK`, lock it for `LOCK`."""

    key: str
    failures: int

    @property
    def kind(self) -> str:
        return self.key.split(":", 1)[0]


@dataclass(frozen=True, slots=True)
class LookupAttempt:
    """What a look-up is counted under; `address_key` is empty where it is not known."""

    session_id: str
    order_number: str
    address_key: str

    @property
    def own_limits(self) -> tuple[Limit, ...]:
        """The limits of who guesses, wherever they guess."""
        session = Limit(f"session:{self.session_id}", FAILURES_PER_SESSION)
        if not self.address_key:
            return (session,)
        return session, Limit(f"address:{self.address_key}", FAILURES_PER_ADDRESS)

    @property
    def order_limit(self) -> Limit:
        return Limit(f"order:{self.order_number}", FAILURES_PER_ORDER)

    @property
    def exception(self) -> Limit | None:
        """What this address may still try of the order while that is locked."""
        if not self.address_key:
            return None
        return Limit(f"order_at:{self.address_key}:{self.order_number}", FAILURES_WHILE_LOCKED)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All that may be looked at for this attempt."""
        exception = self.exception
        return (*self.own_limits, self.order_limit, *([exception] if exception else []))


@dataclass(frozen=True, slots=True)
class Reservation:
    """A look-up that may be made unless `wait_s`, in seconds, says when to come back.

    `counted` names what was counted, for `LookupLimiter.release`.
    """

    wait_s: int
    counted: tuple[str, ...] = ()


class LookupLimiter(Protocol):
    """Counts failed look-ups; its methods may block, and are called outside the event loop.

    An implementation that cannot reach its storage raises `OrderStoreUnavailable`: without a count
    there is no look-up.
    """

    def check(self, attempt: LookupAttempt) -> int:
        """Give the seconds until this look-up is allowed, 0 if it is allowed now."""
        ...

    def reserve(self, attempt: LookupAttempt) -> Reservation:
        """Count a look-up as failed before it is made, if it is allowed now; in one step."""
        ...

    def release(self, reservation: Reservation) -> None:
        """Take back the count of a look-up that found its order, or was never answered."""
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What the limits say of an attempt: how long to wait, or what to count it under."""

    wait_s: int
    count: tuple[Limit, ...] = ()


def decide(attempt: LookupAttempt, waits_s: dict[str, float]) -> Decision:
    """Decide about an attempt, given the seconds that each key of its limits is still locked."""
    own = max(waits_s[limit.key] for limit in attempt.own_limits)
    order, exception = attempt.order_limit, attempt.exception
    is_fresh = exception is not None and waits_s[exception.key] <= 0
    wait_s = own if is_fresh else max(own, waits_s[order.key])
    if wait_s > 0:
        return Decision(math.ceil(wait_s))
    # What a locked order is tried for leaves its lock as it is.
    order_counts = (order,) if waits_s[order.key] <= 0 else ()
    return Decision(0, (*attempt.own_limits, *order_counts, *([exception] if exception else [])))


def seconds_locked(failed_at: Iterable[datetime], limit: Limit, now: datetime) -> float:
    """Give the seconds that a key stays locked, from its failures of the last two `LOCK`s.

    The lock runs from the failure that was one too many, not from the first one.
    """
    newest_first = sorted(failed_at, reverse=True)[: limit.failures]
    if len(newest_first) < limit.failures or newest_first[0] - newest_first[-1] >= LOCK:
        return 0.0
    return max(0.0, (newest_first[0] + LOCK - now).total_seconds())


@dataclass(slots=True)
class _Failure:
    key: str
    at: datetime


@dataclass(slots=True)
class InMemoryLookupLimiter:
    """Counts in this process only: for tests, the terminal and stock `rasa run actions`."""

    _clock: Clock
    _failures: dict[str, _Failure] = field(default_factory=dict)
    _reserved: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, attempt: LookupAttempt) -> int:
        with self._lock:
            return self._decide(attempt).wait_s

    def reserve(self, attempt: LookupAttempt) -> Reservation:
        with self._lock:
            self._forget()
            decision = self._decide(attempt)
            return Reservation(decision.wait_s, tuple(map(self._count, decision.count)))

    def release(self, reservation: Reservation) -> None:
        with self._lock:
            for counted in reservation.counted:
                self._failures.pop(counted, None)

    def _decide(self, attempt: LookupAttempt) -> Decision:
        now = self._clock()
        waits = {limit.key: self._seconds_locked(limit, now) for limit in attempt.limits}
        return decide(attempt, waits)

    def _seconds_locked(self, limit: Limit, now: datetime) -> float:
        failures = self._failures.values()
        return seconds_locked((f.at for f in failures if f.key == limit.key), limit, now)

    def _count(self, limit: Limit) -> str:
        self._reserved += 1
        self._failures[str(self._reserved)] = _Failure(limit.key, self._clock())
        return str(self._reserved)

    def _forget(self) -> None:
        """Drop what no longer counts, so that memory does not grow with guesses."""
        oldest = self._clock() - 2 * LOCK
        self._failures = {name: f for name, f in self._failures.items() if f.at > oldest}
