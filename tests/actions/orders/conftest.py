import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from pkgutil import resolve_name
from typing import cast

import pytest
from sqlalchemy import Engine

from actions.orders.demo_shop import DEMO_SHOP_PATH, load_demo_shop
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.http_store import open_http_store
from actions.orders.migrations import upgrade_schema
from actions.orders.shop_file import Shop, read_shop
from actions.orders.sql_engine import open_engine
from actions.orders.store import OrderStore
from bot.store_server.app import create_store_app
from tests.actions.orders.http_contract import ContractCheck
from tests.actions.orders.store_serving import TOKEN, served
from tests.actions.orders.worlds import (
    NOW,
    FakeWorld,
    HttpWorld,
    ManualClock,
    SqlWorld,
    World,
)
from tests.conftest import PostgresDatabase
from tests.foreign_shop.fixtures import oscar_python, oscar_shop, oscar_world

__all__ = ["oscar_python", "oscar_shop", "oscar_world"]


WORLDS = ["fake", "sqlite", "postgres", "http", "oscar"]
OTHER_WORLD = "TEST_ORDER_STORE_WORLD"  # see docs/another-shop.md


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


class _StoreOfThisTest:
    """Stands for another store in each test, so that one server serves them all."""

    def __init__(self) -> None:
        self.behind: OrderStore | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self.behind, name)


@pytest.fixture(scope="module")
def http_server() -> Iterator[tuple[str, _StoreOfThisTest]]:
    """The reference server, and what to put behind it."""
    store = _StoreOfThisTest()
    app = create_store_app(cast(OrderStore, store), token=TOKEN)
    with served(ContractCheck(app)) as address:
        yield address, store


@pytest.fixture
def http_world(
    sqlite_world: SqlWorld, http_server: tuple[str, _StoreOfThisTest]
) -> Iterator[HttpWorld]:
    address, served_store = http_server
    served_store.behind = sqlite_world.store
    with closing(open_http_store(address, TOKEN)) as store:
        yield HttpWorld(sqlite_world.engine, sqlite_world.clock, store)


@pytest.fixture(params=["sqlite", "postgres"])
def sql_world(request: pytest.FixtureRequest) -> SqlWorld:
    world = request.getfixturevalue(f"{request.param}_world")
    assert isinstance(world, SqlWorld)
    return world


@pytest.fixture
def other_world() -> Iterator[World]:
    """A world outside this repository: a context manager that gives a newly filled shop."""
    with resolve_name(os.environ[OTHER_WORLD])() as world:
        yield world


@pytest.fixture(params=["other"] if OTHER_WORLD in os.environ else WORLDS)
def world(request: pytest.FixtureRequest) -> World:
    world: World = request.getfixturevalue(f"{request.param}_world")
    reason = getattr(world, "does_not_apply", {}).get(request.node.originalname)
    if reason:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    return world


@pytest.fixture(params=["sqlite", "postgres"])
def empty_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on a database with our tables and nothing in them."""
    engine = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(engine, Engine)
    return engine
