"""The demo shop around a gateway, on an order database of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from actions.orders.demo_shop import DEMO_SHOP_PATH, load_demo_shop
from actions.orders.migrations import upgrade_schema
from actions.orders.model import Order, PurchaseFacts
from actions.orders.sql_engine import open_engine as open_order_engine
from actions.orders.sql_store import SqlOrderStore
from bot.db.engine import open_engine
from bot.db.upgrade import upgrade
from bot.demo_shop.app import add_demo_shop
from bot.demo_shop.pages import DEMO
from bot.demo_shop.pictures import Pictures
from bot.demo_shop.shelves import Shelves, stock_shelves
from bot.gateway.clock import utc_now
from bot.settings import Settings
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, make_settings, run_gateway


class AilingStore(SqlOrderStore):
    """Fails as it is told to."""

    failure: Exception | None = None

    def find_order(self, number: str, *, customer_id: str) -> Order:
        if self.failure:
            raise self.failure
        return super().find_order(number, customer_id=customer_id)

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        if self.failure:
            raise self.failure
        return super().purchase_facts(title, customer_id=customer_id)


@pytest.fixture
def order_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_order_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
    upgrade_schema(engine)
    load_demo_shop(engine, now=utc_now())
    yield engine
    engine.dispose()


@pytest.fixture
def store(order_engine: Engine) -> AilingStore:
    """The order store that the bot works on, with the demo shop in it."""
    return AilingStore(order_engine)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


@pytest.fixture
async def shop(settings: Settings, store: AilingStore, tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway with the demo shop around it."""
    engine = open_engine(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    upgrade(engine)

    def furnish(app: FastAPI, settings: Settings) -> None:
        add_demo_shop(app, settings, store)

    async with run_gateway(settings, engine, FakeBrain(), furnish) as running:
        yield running
    engine.dispose()


@pytest.fixture
def client(shop: Gateway) -> httpx.AsyncClient:
    return shop.client


@pytest.fixture(scope="session")
def shelves() -> Shelves:
    pictures = Pictures(DEMO / "pictures", address="/web/demo/pictures")
    return stock_shelves(DEMO_SHOP_PATH, pictures, now=utc_now())


async def sign_in(client: httpx.AsyncClient, customer: str) -> dict[str, str]:
    """Return the headers that prove a customer."""
    answer = await client.post("/demo/identity", json={"customer": customer})
    return {"Authorization": f"Bearer {answer.json()['identity']}"}
