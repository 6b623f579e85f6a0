"""Connections to the order database: SQLite for one machine, PostgreSQL for any number.

Nothing here waits for ever: connecting, waiting for a lock and running a statement each have a
limit, after which the caller hears an error instead of nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError, StatementError

from actions.orders.store import OrderStoreUnavailable, OrderStoreUrlError, OrderUnreadable

CONNECT_TIMEOUT_S: Final = 3
LOCK_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_S: Final = 5
POOL_TIMEOUT_S: Final = 5

_DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_READS_ONLY: Final = "order_store_reads_only"


def open_engine(url: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S) -> Engine:
    """Make the engine for an order database; connects to nothing yet.

    Args:
        url: A SQLAlchemy URL; `postgresql://` and `postgres://` mean psycopg 3.
        lock_timeout_s: How long a change waits for another that touches the same order.

    Raises:
        OrderStoreUrlError: It is no URL, or that of another kind of database.
    """
    parsed = _parse(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    engine = (_sqlite_engine if is_sqlite else _postgres_engine)(parsed, lock_timeout_s)
    event.listen(engine, "handle_error", _forget_values)
    return engine


def reading(engine: Engine) -> Engine:
    """Give the same engine for single reads: each statement is its own transaction.

    That spares SQLite the write lock, and PostgreSQL the round trips of BEGIN and ROLLBACK.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READS_ONLY: True})
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what goes wrong with the database into the order store's own errors."""
    try:
        yield
    except SQLAlchemyError as error:
        raise OrderStoreUnavailable(f"the order database failed: {_reason(error)}") from error
    except ValueError as error:  # a column that does not hold what its type says
        raise OrderUnreadable(f"the order database holds a bad value: {error}") from error


def _reason(error: SQLAlchemyError) -> str:
    """Give one line for people: no SQL, no links, and not the driver's second thoughts."""
    said = error.orig if isinstance(error, StatementError) and error.orig else error
    lines = str(said).strip().splitlines()
    return lines[0] if lines else type(said).__name__


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise OrderStoreUrlError(_expected("something that is no URL")) from error
    if parsed.drivername not in _DRIVERS:
        raise OrderStoreUrlError(_expected(f"{parsed.drivername}://"))
    return parsed.set(drivername=_DRIVERS[parsed.drivername])


def _expected(found: str) -> str:
    # The URL itself may hold a password and is not repeated.
    return f"it must start with sqlite:///, postgresql:// or https://, and not be {found}"


def _sqlite_engine(url: URL, lock_timeout_s: float) -> Engine:
    # The driver turns `timeout` into SQLite's busy_timeout.
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": lock_timeout_s},
        pool_timeout=POOL_TIMEOUT_S,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver would begin transactions by itself, and only at the first write: too late to
    # check a status and change it under one lock. We send BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_READS_ONLY, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres_engine(url: URL, lock_timeout_s: float) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,  # a server that restarted costs a round trip, not a failed answer
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "tcp_user_timeout": STATEMENT_TIMEOUT_S * 1000,
            "application_name": "shop-support-bot orders",
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT_S}s"
                f" -c lock_timeout={round(lock_timeout_s * 1000)}ms"
                f" -c idle_in_transaction_session_timeout={STATEMENT_TIMEOUT_S}s"
            ),
        },
    )


def _forget_values(context: ExceptionContext) -> None:
    """Leave only the first line of a driver's error: PostgreSQL's next ones repeat whole rows.

    They would end in logs, with customers' names and addresses.
    """
    driver, shown = context.original_exception, context.sqlalchemy_exception
    said = str(driver)
    lines = said.strip().splitlines()
    if len(lines) > 1:
        driver.args = (lines[0],)
        if shown is not None:
            shown.args = (shown.args[0].replace(said, lines[0]),)
