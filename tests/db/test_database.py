import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError

from bot.db.database import Database, DatabaseAway
from bot.db.engine import check_reachable, open_engine, reading, writing
from bot.db.schema import lookup_failures, messages, metadata
from bot.db.upgrade import VERSION_TABLE, upgrade
from bot.errors import ConfigurationError, DatabaseUnreachable

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EMAIL = "ana@example.com"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    else:
        url = request.getfixturevalue("fresh_postgres_url")
    engine = open_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    database = Database(engine)
    yield database
    database.close()


def add_failure(connection: Connection, at: datetime = NOW) -> None:
    connection.execute(insert(lookup_failures), {"kind": "order", "key_hash": "k", "at": at})


def count_failures(connection: Connection) -> int:
    return int(connection.execute(select(func.count(lookup_failures.c.id))).scalar_one())


def test_migrations_make_the_tables_that_the_code_names(engine: Engine) -> None:
    with writing(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_upgrade_again_changes_nothing(engine: Engine) -> None:
    before = inspect(engine).get_table_names()
    upgrade(engine)
    assert inspect(engine).get_table_names() == before


def test_upgrade_with_nothing_to_do_says_nothing(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("alembic").setLevel(logging.NOTSET)
    caplog.set_level(logging.INFO)
    upgrade(engine)
    assert caplog.text == ""


async def test_processes_that_start_together_upgrade_once(
    fresh_postgres_url: str, tmp_path: Path
) -> None:
    for url in (fresh_postgres_url, f"sqlite:///{tmp_path / 'new.sqlite3'}"):
        engines = [open_engine(url) for _ in range(3)]
        await asyncio.gather(*(asyncio.to_thread(upgrade, engine) for engine in engines))
        for engine in engines:
            engine.dispose()


def test_instants_come_back_aware_and_in_utc(engine: Engine) -> None:
    with writing(engine) as connection:
        add_failure(connection, NOW.astimezone(timezone(timedelta(hours=2))))
        stored = connection.execute(select(lookup_failures.c.at)).scalar_one()
    assert stored == NOW
    assert stored.utcoffset() == timedelta(0)


def test_naive_instant_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="naive"), writing(engine) as connection:
        add_failure(connection, NOW.replace(tzinfo=None))


def test_message_without_a_conversation_is_refused(engine: Engine) -> None:
    row = {"conversation_id": "none", "seq": 1, "id": "m", "sender": "bot", "at": NOW, "body": {}}
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(messages), row)


def test_failed_work_writes_nothing(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        _add_half(connection)
    with reading(engine) as connection:
        assert count_failures(connection) == 0


def _add_half(connection: Connection) -> None:
    add_failure(connection)
    connection.execute(insert(lookup_failures), {"kind": None, "key_hash": "k", "at": NOW})


@pytest.mark.parametrize("missing", ["a value", "a table"])
def test_failing_statement_and_its_traceback_hold_no_value(
    engine: Engine, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    table = (
        lookup_failures
        if missing == "a value"
        else lookup_failures.to_metadata(MetaData(), name="missing")
    )
    statement = insert(table).values(kind=None, key_hash=EMAIL, at=NOW)
    with pytest.raises(SQLAlchemyError) as failure, writing(engine) as connection:
        connection.execute(statement)
    logging.getLogger("test").error("failed", exc_info=failure.value)
    assert EMAIL not in caplog.text
    assert "Traceback" in caplog.text


async def test_writes_of_many_tasks_all_succeed(database: Database) -> None:
    await asyncio.gather(*(database.write(add_failure) for _ in range(50)))
    assert await database.read(count_failures) == 50


async def test_writers_in_two_processes_take_turns(engine: Engine) -> None:
    databases = [Database(engine), Database(engine)]
    await asyncio.gather(*(databases[n % 2].write(add_failure) for n in range(40)))
    assert await databases[0].read(count_failures) == 40
    for database in databases:
        database.close()


async def test_reader_never_waits_for_a_writer(engine: Engine, database: Database) -> None:
    with writing(engine) as connection:
        add_failure(connection)
        assert await asyncio.wait_for(database.read(count_failures), 5) == 0


async def test_database_that_fails_is_away(database: Database) -> None:
    with pytest.raises(DatabaseAway):
        await database.write(_fail)


def _fail(connection: Connection) -> None:
    statement = "SELECT * FROM missing" if connection.dialect.name == "sqlite" else _HANG_UP
    connection.execute(text(statement))


_HANG_UP = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/name", "sqlite+nothing:///x", "postgresql+none://h/n"]
)
def test_address_of_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="BOT_DATABASE_URL"):
        open_engine(url)


@pytest.mark.parametrize(
    "url", ["postgresql://bot:hunter2@127.0.0.1:1/bot", "sqlite:////does/not/exist/bot.sqlite3"]
)
def test_unreachable_database_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as error:
        check_reachable(open_engine(url))
    assert str(error.value).startswith("BOT_DATABASE_URL: the database")
    assert "\n" not in str(error.value)
    assert "hunter2" not in str(error.value)
