import logging

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from actions.orders.sql_engine import (
    open_engine,
    reading,
    translated_errors,
)
from actions.orders.store import OrderStoreUnavailable, OrderStoreUrlError

EMAIL = "ana@example.com"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop@db.example/orders",
        "postgres://shop@db.example/orders",
        "postgresql+psycopg://shop@db.example/orders",
    ],
)
def test_every_spelling_of_postgresql_means_psycopg_3(url: str) -> None:
    assert open_engine(url).driver == "psycopg"


@pytest.mark.parametrize(
    "url", ["mysql://root:hunter2@db/orders", "hunter2", "", "postgresql+asyncpg://u:hunter2@db/o"]
)
def test_any_other_database_is_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(OrderStoreUrlError) as refusal:
        open_engine(url)
    assert "sqlite:///, postgresql:// or https://" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 3000)]
)
def test_a_sqlite_connection_is_prepared(
    sqlite_engine: Engine, pragma: str, value: str | int
) -> None:
    with reading(sqlite_engine).connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5s"),
        ("lock_timeout", "3s"),
        ("idle_in_transaction_session_timeout", "5s"),
    ],
)
def test_nothing_waits_for_ever_on_postgresql(
    postgres_engine: Engine, setting: str, value: str
) -> None:
    with reading(postgres_engine).connect() as connection:
        assert connection.exec_driver_sql(f"SHOW {setting}").scalar_one() == value


def test_a_failing_statement_and_its_traceback_hold_no_value(
    empty_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    statement = text("INSERT INTO shop_customers (id, name, email) VALUES ('C1', NULL, :email)")
    with pytest.raises(IntegrityError) as failure, empty_engine.begin() as connection:
        connection.execute(statement, {"email": EMAIL})
    logging.getLogger("test").error("failed", exc_info=failure.value)
    assert EMAIL not in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    "url", ["postgresql://shop:hunter2@127.0.0.1:1/orders", "sqlite:////does/not/exist/orders.db"]
)
def test_an_unreachable_database_is_told_in_one_line(url: str) -> None:
    with pytest.raises(OrderStoreUnavailable) as failure, translated_errors():
        open_engine(url).connect()
    assert len(str(failure.value).splitlines()) == 1
    assert "hunter2" not in str(failure.value)


def test_an_error_of_the_pool_is_told_in_one_line() -> None:
    with pytest.raises(OrderStoreUnavailable, match="pool is full"), translated_errors():
        raise PoolTimeoutError("the pool is full")
