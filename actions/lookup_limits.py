"""How often a guest may guess an order number and e-mail address before look-ups are locked."""

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from actions.orders.store import Clock

LOCK: Final = timedelta(minutes=15)
# Many shoppers may share one network address, so it takes more failures to lock it.
FAILURES_PER_SESSION: Final = 5
FAILURES_PER_ORDER: Final = 10
FAILURES_PER_ADDRESS: Final = 30


@dataclass(frozen=True, slots=True)
class LookupAttempt:
    """What a failed look-up is counted under; `address_key` is empty where it is not known."""

    session_id: str
    order_number: str
    address_key: str

    def limits(self) -> Iterator[tuple[str, int]]:
        """Give each key with the number of failures that locks it."""
        yield f"session:{self.session_id}", FAILURES_PER_SESSION
        yield f"order:{self.order_number}", FAILURES_PER_ORDER
        if self.address_key:
            yield f"address:{self.address_key}", FAILURES_PER_ADDRESS


class LookupLimiter(Protocol):
    """Counts failed look-ups; both methods may block, and are called outside the event loop.

    An implementation that cannot reach its storage raises `OrderStoreUnavailable`: without a count
    there is no look-up.
    """

    def check(self, attempt: LookupAttempt) -> int:
        """Give the seconds until this look-up is allowed, 0 if it is allowed now."""
        ...

    def record_failure(self, attempt: LookupAttempt) -> None:
        """Count a look-up that found nothing; unknown numbers count like wrong e-mails."""
        ...


@dataclass(slots=True)
class _Count:
    failed_at: list[datetime] = field(default_factory=list)
    locked_until: datetime | None = None


class InMemoryLookupLimiter:
    """Counts in this process only: for tests, the terminal and stock `rasa run actions`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: dict[str, _Count] = {}
        self._lock = threading.Lock()

    def check(self, attempt: LookupAttempt) -> int:
        now = self._clock()
        with self._lock:
            ends = [
                self._counts[key].locked_until for key, _ in attempt.limits() if key in self._counts
            ]
        waits = [(end - now).total_seconds() for end in ends if end]
        return max(0, math.ceil(max(waits, default=0.0)))

    def record_failure(self, attempt: LookupAttempt) -> None:
        now = self._clock()
        with self._lock:
            self._forget(now)
            for key, limit in attempt.limits():
                count = self._counts.setdefault(key, _Count())
                count.failed_at.append(now)
                if len(count.failed_at) >= limit:
                    count.failed_at.clear()
                    count.locked_until = now + LOCK

    def _forget(self, now: datetime) -> None:
        """Drop what no longer counts, so that memory does not grow with guesses."""
        for key, count in list(self._counts.items()):
            count.failed_at = [instant for instant in count.failed_at if now - instant < LOCK]
            locked = count.locked_until is not None and count.locked_until > now
            if not locked and not count.failed_at:
                del self._counts[key]
