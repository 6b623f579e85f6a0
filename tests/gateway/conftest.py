import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from bot.db.engine import open_engine, writing
from bot.db.upgrade import upgrade
from bot.gateway.brain_client import Brain
from bot.gateway.clock import utc_now
from bot.gateway.model import Session
from bot.gateway.session_store import Opening, open_session
from bot.settings import Settings
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper, make_settings, run_gateway

Start = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.fixture(autouse=True)
def own_log_settings() -> None:
    """A brain that ran in this process before has set its own, which let no request through."""
    structlog.reset_defaults()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    url: str = request.getfixturevalue("fresh_postgres_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated database; the test runs once on SQLite and once on PostgreSQL."""
    engine = open_engine(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """For tests in which the kind of database does not matter."""
    engine = open_engine(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
async def brain() -> FakeBrain:
    return FakeBrain()


@pytest.fixture
def start(engine: Engine, tmp_path: Path, brain: FakeBrain) -> Start:
    """Start gateways on one database: `async with start(BOT_…="…") as gateway`."""

    def start_one(brain: Brain = brain, **changes: str) -> AbstractAsyncContextManager[Gateway]:
        return run_gateway(make_settings(tmp_path, **changes), engine, brain)

    return start_one


@pytest.fixture
async def gateway(
    sqlite_engine: Engine, settings: Settings, brain: FakeBrain
) -> AsyncIterator[Gateway]:
    """One gateway on SQLite."""
    async with run_gateway(settings, sqlite_engine, brain) as running:
        yield running


@pytest.fixture
async def shopper(gateway: Gateway) -> Shopper:
    """A guest of that gateway."""
    return await gateway.open()


@pytest.fixture
def session(engine: Engine) -> Session:
    """A guest's session, with nothing said yet."""
    now = utc_now()
    opening = Opening(None, "en", "UTC", now=now, expires_at=now + timedelta(hours=1))
    with writing(engine) as connection:
        return open_session(connection, opening)


@pytest.fixture
def redis_url() -> str:
    return os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
