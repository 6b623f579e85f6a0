"""Who the demo shop vouches for, and what it takes to run."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.demo_shop.app import add_demo_shop
from bot.errors import ConfigurationError
from bot.settings import Settings
from tests.demo_shop.conftest import AilingStore
from tests.gateway.running import Gateway, make_settings
from tests.gateway.test_bad_input import assert_problem


async def test_customer_of_the_shop_is_known_to_the_bot_by_name(
    shop: Gateway, client: httpx.AsyncClient
) -> None:
    identity = (await client.post("/demo/identity", json={"customer": "C100"})).json()
    shopper = await shop.open(**identity)
    assert shopper.session["customer"] == {"name": "Ana Torres"}


async def test_stranger_gets_no_identity(client: httpx.AsyncClient) -> None:
    answer = await client.post("/demo/identity", json={"customer": "C999"})
    assert_problem(answer, 404)


@pytest.mark.parametrize("body", [{}, {"customer": 7}, {"customer": "C100", "admin": True}])
async def test_request_that_is_not_understood_is_refused(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    assert_problem(await client.post("/demo/identity", json=body), 422)


async def test_calls_of_the_demo_are_described_where_there_is_one(
    client: httpx.AsyncClient,
) -> None:
    description = (await client.get("/openapi.json")).json()
    calls = {path for path in description["paths"] if path.startswith("/demo/")}
    of_customers = {"/demo/orders", "/demo/orders/{number}", "/demo/addresses"}
    assert calls == {"/demo/identity", "/demo/products", *of_customers}
    for path in of_customers:
        read = description["paths"][path]["get"]
        assert {"200", "401", "503"} <= set(read["responses"])
        assert read["security"] == [{"DemoIdentity": []}]
    assert "DemoIdentity" in description["components"]["securitySchemes"]


def test_missing_shop_file_names_the_setting(tmp_path: Path, store: AilingStore) -> None:
    settings = make_settings(tmp_path, BOT_DEMO_SHOP_PATH=str(tmp_path / "none.json"))
    with pytest.raises(ConfigurationError, match="BOT_DEMO_SHOP_PATH"):
        add_demo_shop(FastAPI(), settings, store)


def test_without_a_secret_to_sign_with_there_is_no_shop(
    settings: Settings, store: AilingStore
) -> None:
    app = FastAPI()
    before = len(app.routes)
    add_demo_shop(app, settings.model_copy(update={"identity_secret": None}), store)
    assert len(app.routes) == before
