"""Starts the bot's processes on one machine and keeps them running."""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import FrameType

from bot.health_watch import SILENCE_S, Ask, HealthWatch, ask_over_http

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
CALM_S = 30.0
"""A process that ran this long is healthy: its next pause is the first one again."""

CONFIGURATION_EXIT_CODE = 2
_CHECK_S = 0.1
_GRACE_S = 8.0


@dataclass
class Child:
    """One process to keep running; `name` is for the log.

    With a `health_url` it is also ended and started again when it hangs.
    """

    name: str
    arguments: Sequence[str]
    health_url: str | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start: float = 0.0
    pause_s: float = field(default=FIRST_PAUSE_S)
    starts: int = 0


class Supervisor:
    """Runs children until a signal; restarts each that ends, with growing pauses.

    A child that was well and then does not answer at its `health_url` is killed, and so restarted.
    A child whose first start ends with exit code 2 cannot run as it is configured: then all are
    ended, because starting it again would not help. Once it has run, a broken model or database
    must not take the others down with it.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        ask: Ask = ask_over_http,
        silence_s: float = SILENCE_S,
    ) -> None:
        self._children = children
        self._clock = clock
        self._sleep = sleep
        self._stopping = False
        self._askers = ThreadPoolExecutor(max(1, len(children)), thread_name_prefix="health")
        self._watches = {
            child.name: HealthWatch(
                child.health_url, ask=ask, executor=self._askers, clock=clock, silence_s=silence_s
            )
            for child in children
            if child.health_url is not None
        }

    def run(self, *, on_check: Callable[[], None] = lambda: None) -> int:
        """Run until SIGTERM or SIGINT, or until a child is wrongly configured.

        Args:
            on_check: Called about ten times a second.

        Returns:
            The exit code: 0 after a signal, 2 after a configuration error.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        code = 0
        try:
            while not self._stopping and not code:
                code = self._check()
                on_check()
                self._sleep(_CHECK_S)
        finally:
            self._end_children()
            self._askers.shutdown(cancel_futures=True)
        return code

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _check(self) -> int:
        for child in self._children:
            ended = child.process.poll() if child.process else None
            if ended == CONFIGURATION_EXIT_CODE and child.starts == 1:
                return CONFIGURATION_EXIT_CODE
            if ended is not None:
                self._plan_restart(child, ended)
            if child.process is None and self._clock() >= child.next_start:
                self._start(child)
            self._end_hung(child)
        return 0

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(child.arguments)  # noqa: S603 - our own command line
        child.started_at = self._clock()
        child.starts += 1
        if watch := self._watches.get(child.name):
            watch.begin()

    def _end_hung(self, child: Child) -> None:
        watch = self._watches.get(child.name)
        if child.process is None or watch is None or not watch.is_hung():
            return
        logger.warning("%s does not answer any more; ending it", child.name)
        child.process.kill()  # what hangs does not heed a polite signal
        watch.begin()

    def _plan_restart(self, child: Child, code: int) -> None:
        if self._clock() - child.started_at >= CALM_S:
            child.pause_s = FIRST_PAUSE_S
        logger.warning(
            "%s ended (%s); starting it again in %.1f s", child.name, code, child.pause_s
        )
        child.process = None
        child.next_start = self._clock() + child.pause_s
        child.pause_s = min(child.pause_s * 2, LONGEST_PAUSE_S)

    def _end_children(self) -> None:
        running = [child.process for child in self._children if child.process]
        for process in running:
            process.terminate()
        deadline = self._clock() + _GRACE_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - self._clock()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
