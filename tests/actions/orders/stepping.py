"""Runs database work of several lanes one statement at a time, in an order that the test chooses.

Each lane has a thread, which stops before every statement and every commit. So a test, and not the
machine's mood, decides who comes next, and a failure happens again the same way.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Semaphore, get_ident
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

Choose = Callable[[Sequence[int]], int]

PATIENCE_S: Final = 20.0
_POLL_S: Final = 0.001
_BEGIN: Final = "BEGIN IMMEDIATE"
# The database's own workers, such as autovacuum, may hold a lock for a moment: that is no waiting.
_IS_BLOCKED: Final = text("SELECT pg_blocking_pids(:pid) && CAST(:others AS integer[])")


class Deadlock(AssertionError):
    """Every lane waits for another one."""


@dataclass(slots=True)
class Lane:
    """One caller of the database, and where it stands."""

    work: Callable[["Lane"], None]
    fails_after: int | None = None
    _pid: int | None = None
    _before: str = ""
    _is_free: bool = False
    _go: Semaphore = field(default_factory=lambda: Semaphore(0))
    _stopped: Event = field(default_factory=Event)

    def stop(self, before: str, pid: int | None) -> None:
        """Wait for the test's word; raises what a lost connection raises if it is to fail here."""
        self._before, self._pid = before, pid
        self._stopped.set()
        if not self._is_free:
            self._go.acquire()
        if self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                self.fails_after = None
                raise OperationalError(before, None, ConnectionError("lost for a test"))

    @property
    def pid(self) -> int | None:
        """The database's process that works for this lane now, if it can be waited for."""
        return self._pid

    def let_go(self) -> None:
        """Note that the connection goes back to the pool, where another lane may take it."""
        self._pid = None

    @property
    def has_stopped(self) -> bool:
        return self._stopped.is_set()

    @property
    def waits_to_begin(self) -> bool:
        return self._before == _BEGIN

    def stops_within(self, seconds: float) -> bool:
        return self._stopped.wait(seconds)

    def go_on(self) -> None:
        self._stopped.clear()
        self._go.release()

    def run_free(self) -> None:
        self._is_free = True
        self._go.release()


class Stepper:
    """Steps lanes of one engine through their statements."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._by_thread: dict[int, Lane] = {}

    def run(self, lanes: Sequence[Lane], choose: Choose) -> None:
        """Run all lanes to their end; `choose` picks who goes on among those that can.

        Raises:
            Deadlock: Nobody can.
        """
        with self._hooked(), ThreadPoolExecutor(len(lanes)) as threads:
            running = [threads.submit(self._run_lane, lane) for lane in lanes]
            try:
                self._step_all(lanes, running, choose)
            finally:
                for lane in lanes:
                    lane.run_free()
            for done in running:
                done.result()

    def _run_lane(self, lane: Lane) -> None:
        self._by_thread[get_ident()] = lane
        try:
            lane.work(lane)
        finally:
            del self._by_thread[get_ident()]

    def _step_all(
        self, lanes: Sequence[Lane], running: Sequence[Future[None]], choose: Choose
    ) -> None:
        with self._watching() as watch:
            while True:
                _settle(lanes, running, watch)
                left = [n for n, done in enumerate(running) if not done.done()]
                if not left:
                    return
                able = [n for n in left if self._can_go_on(lanes, n)]
                if not able:
                    raise Deadlock(f"{len(left)} lanes wait for each other")
                lanes[able[0] if len(able) == 1 else choose(able)].go_on()

    @contextmanager
    def _watching(self) -> Iterator[Connection | None]:
        """Give a connection that can ask who waits for whom; SQLite has nothing to ask."""
        if self._is_sqlite:
            yield None
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
            yield watch

    def _can_go_on(self, lanes: Sequence[Lane], number: int) -> bool:
        lane = lanes[number]
        if not lane.has_stopped:
            return False
        if not (self._is_sqlite and lane.waits_to_begin):
            return True
        # SQLite has one writer; whoever is between two statements holds its lock.
        others = [other for other in lanes if other is not lane and other.has_stopped]
        return all(other.waits_to_begin for other in others)

    @contextmanager
    def _hooked(self) -> Iterator[None]:
        def before_statement(
            connection: Connection, _cursor: object, statement: str, *_: object
        ) -> None:
            self._stop_here(statement, connection)

        def before_commit(connection: Connection) -> None:
            self._stop_here("COMMIT", connection)

        def after_use(_connection: object, _record: object) -> None:
            if lane := self._by_thread.get(get_ident()):
                lane.let_go()

        event.listen(self._engine, "before_cursor_execute", before_statement)
        event.listen(self._engine, "commit", before_commit)
        event.listen(self._engine, "checkin", after_use)
        try:
            yield
        finally:
            event.remove(self._engine, "checkin", after_use)
            event.remove(self._engine, "before_cursor_execute", before_statement)
            event.remove(self._engine, "commit", before_commit)

    def _stop_here(self, statement: str, connection: Connection) -> None:
        lane = self._by_thread.get(get_ident())
        if lane is not None:
            lane.stop(statement, None if self._is_sqlite else _pid(connection))


def _pid(connection: Connection) -> int:
    driver: Any = connection.connection.dbapi_connection
    return int(driver.info.backend_pid)


def _settle(
    lanes: Sequence[Lane], running: Sequence[Future[None]], watch: Connection | None
) -> None:
    """Wait until each lane has stopped, has ended or waits for one that has stopped.

    Looked at one after the other, a lane may be set free by one that is looked at later; so it
    takes a second look that finds all as they were.
    """
    before: list[str] = []
    while True:
        now = [_wait(lane, done, lanes, watch) for lane, done in zip(lanes, running, strict=True)]
        if now == before:
            return
        before = now


def _wait(lane: Lane, done: Future[None], lanes: Sequence[Lane], watch: Connection | None) -> str:
    ends_at_s = monotonic() + PATIENCE_S
    while monotonic() < ends_at_s:
        if lane.has_stopped:
            return "stopped"
        if done.done():
            return "ended"
        if watch is not None and _is_blocked(watch, lane, lanes):
            return "blocked"
        lane.stops_within(_POLL_S)
    raise AssertionError("a lane neither stops nor ends")


def _is_blocked(watch: Connection, lane: Lane, lanes: Sequence[Lane]) -> bool:
    others = [other.pid for other in lanes if other is not lane and other.pid is not None]
    if lane.pid is None or not others:
        return False
    return bool(watch.execute(_IS_BLOCKED, {"pid": lane.pid, "others": others}).scalar_one())
