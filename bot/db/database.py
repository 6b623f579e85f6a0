"""The database as asynchronous code sees it: short synchronous functions, one transaction each.

A function takes an open connection first and does its statements; `Database` gives it a thread, a
transaction and a connection. SQLite has one writer at a time, so writes of one process queue for
one thread: waiting in line costs nothing, while SQLite's own busy time-out sleeps and polls.
"""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.db.engine import POOL_SIZE, reading, writing

P = ParamSpec("P")
T = TypeVar("T")

_SQLITE_READERS = 4


class DatabaseAway(Exception):
    """The database did not answer in time; the same call may work in a moment."""


class Database:
    """Runs functions of a connection in transactions, off the event loop."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            self._writers = ThreadPoolExecutor(1, thread_name_prefix="db-write")
            self._readers = ThreadPoolExecutor(_SQLITE_READERS, thread_name_prefix="db-read")
        else:
            self._writers = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="db")
            self._readers = self._writers

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work` in one transaction that is committed when it returns.

        Raises:
            DatabaseAway: nothing was written, or nobody can tell whether it was.
        """
        call = functools.partial(_transact, writing, self.engine, work, args, kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._writers, call)

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work`, which only reads, in one transaction.

        Raises:
            DatabaseAway: the database did not answer.
        """
        call = functools.partial(_transact, reading, self.engine, work, args, kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, call)

    def close(self) -> None:
        """Wait for what runs and let go of the threads; the engine stays the caller's."""
        self._writers.shutdown()
        self._readers.shutdown()


def _transact(
    transaction: Callable[[Engine], AbstractContextManager[Connection]],
    engine: Engine,
    work: Callable[..., T],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> T:
    try:
        with transaction(engine) as connection:
            return work(connection, *args, **kwargs)
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise DatabaseAway(type(error).__name__) from error
