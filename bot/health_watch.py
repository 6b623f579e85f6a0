"""Notices when a process that answered over HTTP no longer does: it lives, but hangs."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from concurrent.futures import Executor, Future
from urllib.parse import urlsplit

ASK_EVERY_S = 3.0
ASK_TIMEOUT_S = 3.0
SILENCE_S = 20.0

Ask = Callable[[str], int | None]
"""Gives the status that an address answers with, or nothing when it does not answer in time."""


def ask_over_http(url: str) -> int | None:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=ASK_TIMEOUT_S)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class HealthWatch:
    """Asks one process for its health, again and again, without ever waiting for the answer.

    Only a process that has been well can be found to hang: one that still loads may be busy for
    long. Any answer counts as a sign of life, also one that says that something else is away.
    """

    def __init__(
        self,
        url: str,
        *,
        ask: Ask,
        executor: Executor,
        clock: Callable[[], float],
        silence_s: float,
    ) -> None:
        self._url = url
        self._ask = ask
        self._executor = executor
        self._clock = clock
        self._silence_s = silence_s
        self.begin()

    def begin(self) -> None:
        """Forget what was seen: a new process runs at this address."""
        self._asked: Future[int | None] | None = None
        self._next_ask_at_s = self._clock()
        self._was_well = False
        self._silent_since_s: float | None = None

    def is_hung(self) -> bool:
        """Tell whether the process was well and has been silent for too long; call it often."""
        hung = False
        if self._asked is not None and self._asked.done():
            hung = self._note(self._asked.result())
            self._asked = None
            self._next_ask_at_s = self._clock() + ASK_EVERY_S
        if self._asked is None and self._clock() >= self._next_ask_at_s:
            self._asked = self._executor.submit(self._ask, self._url)
        return hung

    def _note(self, status: int | None) -> bool:
        if status is not None:
            self._was_well = self._was_well or status == http.client.OK
            self._silent_since_s = None
            return False
        if self._silent_since_s is None:
            self._silent_since_s = self._clock()
        # Decided only when an answer is missing, so that a supervisor that was itself stopped for
        # a while does not blame its children.
        return self._was_well and self._clock() - self._silent_since_s >= self._silence_s
