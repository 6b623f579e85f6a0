"""Spares a system that is down, and shoppers the wait for it.

Kept libraries were looked at: one holds its lock during each call, so that all calls wait for each
other; another lets every waiting call through at once when it tries again.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

logger = logging.getLogger(__name__)

FAILURES_BEFORE_REST: Final = 5
REST_S: Final = 10.0


class CircuitOpen(Exception):
    """The system failed several times in a row and is not asked for a while."""


class CircuitBreaker:
    """Closed, it lets calls through; open, it refuses them; after a rest one call is the probe.

    A probe that never ends is given up after another rest. May be used from several threads.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES_BEFORE_REST,
        rest_s: float = REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._next_probe_at: float | None = None

    @contextmanager
    def guarding(self, *failures: type[Exception]) -> Iterator[None]:
        """Count what happens inside: one of `failures` is a failure, anything else is an answer.

        Raises:
            CircuitOpen: The system is having its rest.
        """
        self._admit()
        try:
            yield
        except failures:
            self._note_failure()
            raise
        except Exception:
            self._note_answer()
            raise
        self._note_answer()

    def _admit(self) -> None:
        with self._lock:
            if self._next_probe_at is None:
                return
            now = self._clock()
            if now < self._next_probe_at:
                raise CircuitOpen
            # This call is the probe; the others are refused until its outcome is known.
            self._next_probe_at = now + self._rest_s

    def _note_failure(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures < self._limit:
                return
            is_new = self._next_probe_at is None
            self._next_probe_at = self._clock() + self._rest_s
        if is_new:
            logger.error("%d failures in a row: no call for %.0f s", self._limit, self._rest_s)

    def _note_answer(self) -> None:
        with self._lock:
            was_open = self._next_probe_at is not None
            self._failures = 0
            self._next_probe_at = None
        if was_open:
            logger.warning("An answer again: calls go on")
