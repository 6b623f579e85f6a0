from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.shop_file import Shop, read_shop
from tests.actions.orders.worlds import NOW
from tests.conftest import PostgresDatabase
from tests.foreign_shop.fixtures import oscar_python, oscar_shop, oscar_world
from tests.foreign_shop.serving import fill, serving
from tests.foreign_shop.world import OscarWorld, SharedClock

PATIENCE_S = 20.0

__all__ = ["oscar_python", "oscar_shop", "oscar_world"]


@pytest.fixture(scope="session")
def shop() -> Shop:
    return read_shop(DEMO_SHOP_PATH, now=NOW)


@pytest.fixture(scope="module")
def busy_world(
    oscar_python: Path,
    new_postgres_database: PostgresDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OscarWorld]:
    """The foreign shop on PostgreSQL, where several change it at once; one for all tests here.

    Both sides have more patience than in life, so that a slow machine does not decide who wins.
    """
    state = tmp_path_factory.mktemp("foreign-shop")
    with new_postgres_database() as database:
        fill(oscar_python, database, state, NOW)
        engine = create_engine(database, poolclass=NullPool)
        with (
            serving(oscar_python, state, database, now=NOW, lock_timeout_s=PATIENCE_S) as address,
            closing(
                OscarWorld(address, engine, SharedClock(NOW, state), deadline_s=PATIENCE_S)
            ) as world,
        ):
            yield world
