"""Fixtures of the foreign shop, for the conftest files of this folder and of the contract tests."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.actions.orders.worlds import NOW
from tests.foreign_shop.serving import DATABASE, filled_database, install, serving
from tests.foreign_shop.world import OscarWorld, SharedClock


@dataclass(frozen=True)
class ServedShop:
    """A shop that runs, the folder with its database and its clock, and what to put there."""

    address: str
    state: Path
    filled: Path


@pytest.fixture(scope="session")
def oscar_python() -> Path:
    return install()


@pytest.fixture(scope="session")
def oscar_shop(
    oscar_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedShop]:
    filled = filled_database(oscar_python, NOW)
    state = tmp_path_factory.mktemp("foreign-shop")
    shutil.copy(filled, state / DATABASE)
    with serving(oscar_python, state, now=NOW) as address:
        yield ServedShop(address, state, filled)


@pytest.fixture
def oscar_world(oscar_shop: ServedShop) -> Iterator[OscarWorld]:
    """The foreign shop as it was filled. It opens its database anew for each request, so that a new
    file in its place is a new shop."""
    database = oscar_shop.state / DATABASE
    shutil.copy(oscar_shop.filled, database.with_suffix(".new"))
    database.with_suffix(".new").replace(database)
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    clock = SharedClock(NOW, oscar_shop.state)
    with closing(OscarWorld(oscar_shop.address, engine, clock)) as world:
        yield world
