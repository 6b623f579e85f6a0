"""Fixtures every part of the tests may use: scratch databases on a real PostgreSQL server, and a
model trained from the project's files.

The server is named by `TEST_POSTGRES_URL`. A missing server fails the tests that need it, since
a skipped test would say that PostgreSQL works when nobody looked.
"""

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.trained_model import train_once, train_worse_once

DEFAULT_SERVER_URL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
CONNECT_TIMEOUT_S = 5

# What Python says about TensorFlow, Keras and six, some of it only once on each machine.
FROZEN_WARNINGS = (
    "invalid escape sequence",
    "module 'sre_constants' is deprecated",
    r"the load_module\(\) method is deprecated",
)

# The conftest files of other folders may be loaded before `pytest_configure` is called.
for message in FROZEN_WARNINGS:
    warnings.filterwarnings("ignore", message, DeprecationWarning)

PostgresDatabase = Callable[[], AbstractContextManager[str]]


def pytest_configure(config: pytest.Config) -> None:
    for message in FROZEN_WARNINGS:
        config.addinivalue_line("filterwarnings", f"ignore:{message}:DeprecationWarning")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Engine]:
    url = make_url(os.environ.get("TEST_POSTGRES_URL", DEFAULT_SERVER_URL))
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",  # CREATE DATABASE runs outside a transaction
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
    _require(engine, url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: Engine) -> PostgresDatabase:
    """A context manager that creates an empty database, gives its URL and drops it at the end."""

    @contextmanager
    def new_database() -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        _run(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield postgres_server.url.set(database=name).render_as_string(hide_password=False)
        finally:
            _run(postgres_server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    return new_database


@pytest.fixture
def fresh_postgres_url(new_postgres_database: PostgresDatabase) -> Iterator[str]:
    """URL of an empty database of this test's own."""
    with new_postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """A model of the project's files as they are now; tests that need it are marked `model`."""
    return train_once()


@pytest.fixture(scope="session")
def worse_model(trained_model: Path) -> Path:
    """A model that has learnt half of the cancellations as questions for the status."""
    return train_worse_once()


def _run(server: Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.execute(text(statement))


def _require(server: Engine, url: URL) -> None:
    try:
        _run(server, "SELECT 1")
    except OperationalError as error:
        pytest.fail(
            f"The tests need a PostgreSQL server at {url} and found none ({error.orig}). "
            "Start one, or name another with TEST_POSTGRES_URL.",
            pytrace=False,
        )
