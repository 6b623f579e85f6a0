"""Engines and transactions for SQLite and PostgreSQL.

SQLite runs in WAL mode with `synchronous=NORMAL`: a commit survives the death of any process
(`kill -9` included) without waiting for the disk; only a power cut or a crash of the operating
system can take back the last moments, and never leaves the file broken. `FULL` would wait for the
disk at every commit, four times a turn. A shop that must not lose those moments uses PostgreSQL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.errors import ConfigurationError, DatabaseUnreachable

BUSY_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_S = 5
# One process asks from a few threads at a time; PostgreSQL's connections are dear.
POOL_SIZE = 10
_READ_ONLY = "bot_read_only"


def parse_url(url: str, *, setting: str = "BOT_DATABASE_URL") -> URL:
    """Return the address with the driver we ship, so that a plain `postgresql://` works.

    Raises:
        ConfigurationError: it is not an address of SQLite or PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            f"{setting} is not a database address: use sqlite:////path/to/file or "
            "postgresql://user:password@host/name"
        ) from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def open_engine(url: str, *, setting: str = "BOT_DATABASE_URL") -> Engine:
    """Make an engine without connecting yet.

    Raises:
        ConfigurationError: the address is neither SQLite nor PostgreSQL.
    """
    parsed = parse_url(url, setting=setting)
    open_backend = _OPEN.get(parsed.drivername.split("+")[0])
    try:
        if open_backend is not None:
            engine = open_backend(parsed)
            event.listen(engine, "handle_error", _forget_values)
            return engine
    except (NoSuchModuleError, ModuleNotFoundError):
        pass  # a driver that we do not ship
    raise ConfigurationError(
        f"{setting} names a database that is not supported: use sqlite:// or postgresql://"
    )


def check_reachable(engine: Engine, *, setting: str = "BOT_DATABASE_URL") -> None:
    """Connect once.

    Raises:
        DatabaseUnreachable: nobody answers, or the answer is a refusal.
    """
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        # The driver's words name the host and the reason.
        reason = str(error.orig).strip() or type(error.orig).__name__
        raise DatabaseUnreachable(
            f"{setting}: the database {engine.url.render_as_string(hide_password=True)} cannot be "
            f"opened ({reason}): start it or correct the address"
        ) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes; on SQLite it takes the write lock at its start.

    Taking the lock late would fail at once when another writer came in between, whatever the
    busy time-out.
    """
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, and on SQLite never waits for a writer."""
    with engine.connect().execution_options(**{_READ_ONLY: True}) as connection:
        yield connection


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )

    @event.listens_for(engine, "connect")
    def configure(dbapi_connection: Any, _record: object) -> None:
        # Transactions are begun below and not by the driver, which would begin them too late.
        dbapi_connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _open_postgresql(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL_SIZE,
        pool_pre_ping=False,
        pool_use_lifo=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def _forget_values(context: ExceptionContext) -> None:
    """Leave only the first line of a driver's error: PostgreSQL's next ones repeat whole rows.

    They would end in logs, with what shoppers wrote.
    """
    driver, shown = context.original_exception, context.sqlalchemy_exception
    said = str(driver)
    lines = said.strip().splitlines()
    if len(lines) > 1:
        driver.args = (lines[0],)
        if shown is not None:
            shown.args = (shown.args[0].replace(said, lines[0]),)


_OPEN = {"sqlite": _open_sqlite, "postgresql": _open_postgresql}
