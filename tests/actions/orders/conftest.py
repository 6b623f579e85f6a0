from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.orders.demo_shop import DEMO_SHOP_PATH, load_demo_shop
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.migrations import upgrade_schema
from actions.orders.shop_file import Shop, read_shop
from actions.orders.sql_engine import open_engine
from tests.actions.orders.worlds import NOW, FakeWorld, ManualClock, SqlWorld, World
from tests.conftest import PostgresDatabase


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture(scope="session")
def shop() -> Shop:
    return read_shop(DEMO_SHOP_PATH, now=NOW)


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
    upgrade_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def migrated_postgres(new_postgres_database: PostgresDatabase) -> Iterator[Engine]:
    with new_postgres_database() as url:
        engine = open_engine(url)
        upgrade_schema(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def postgres_engine(fresh_postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(fresh_postgres_url)
    upgrade_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_world(sqlite_engine: Engine, clock: ManualClock) -> SqlWorld:
    load_demo_shop(sqlite_engine, now=NOW)
    return SqlWorld(sqlite_engine, clock)


@pytest.fixture
def postgres_world(migrated_postgres: Engine, clock: ManualClock) -> SqlWorld:
    load_demo_shop(migrated_postgres, now=NOW, reset=True)
    return SqlWorld(migrated_postgres, clock)


@pytest.fixture
def fake_world(shop: Shop, clock: ManualClock) -> FakeWorld:
    return FakeWorld(InMemoryOrderStore(shop, clock=clock), clock)


@pytest.fixture(params=["sqlite", "postgres"])
def sql_world(request: pytest.FixtureRequest) -> SqlWorld:
    world = request.getfixturevalue(f"{request.param}_world")
    assert isinstance(world, SqlWorld)
    return world


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    world: World = request.getfixturevalue(f"{request.param}_world")
    return world


@pytest.fixture(params=["sqlite", "postgres"])
def empty_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on a database with our tables and nothing in them."""
    engine = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(engine, Engine)
    return engine
