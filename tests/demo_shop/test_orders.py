"""My Orders over HTTP: whose they are, and that they are what the bot's order store holds."""

import time
from typing import Any

import httpx
import jwt
import pytest

from actions.orders.model import OrderStatus
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable
from tests.demo_shop.conftest import AilingStore, sign_in
from tests.gateway.running import IDENTITY_SECRET, Gateway
from tests.gateway.test_bad_input import assert_problem

ORDERS = "/demo/orders"
ANAS, BENS = "8100240002", "8100240012"


def token(secret: str = IDENTITY_SECRET, **changes: object) -> dict[str, str]:
    claims = {"sub": "C100", "exp": int(time.time()) + 60, **changes}
    return {"Authorization": f"Bearer {jwt.encode(claims, secret, 'HS256')}"}


async def read_order(client: httpx.AsyncClient, number: str = ANAS) -> dict[str, Any]:
    headers = await sign_in(client, "C100")
    answer = await client.get(f"{ORDERS}/{number}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_customer_sees_their_own_orders_newest_first(client: httpx.AsyncClient) -> None:
    answer = await client.get(ORDERS, headers=await sign_in(client, "C100"))
    found = answer.json()["orders"]
    assert [order["number"][-1] for order in found] == ["1", "2", "3", "5", "4"]
    assert {order["customer_id"] for order in found} == {"C100"}
    assert answer.headers["cache-control"] == "no-store"


async def test_customer_without_orders_has_an_empty_list(client: httpx.AsyncClient) -> None:
    answer = await client.get(ORDERS, headers=await sign_in(client, "C104"))
    assert answer.json() == {"orders": []}


async def test_customer_sees_their_own_addresses_the_default_one_first(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/demo/addresses", headers=await sign_in(client, "C100"))
    assert [address["label"] for address in answer.json()["addresses"]] == ["Home", "Work"]


async def test_order_tells_all_that_its_page_shows(client: httpx.AsyncClient) -> None:
    order = await read_order(client, "8100240003")
    assert order["status"] == "awaiting_delivery"
    assert order["shipment"]["tracking_number"] == "1Z999AA10123456784"
    assert order["total_minor"] == 11_997
    assert [item["picture"] for item in order["items"]] == [
        "/web/demo/pictures/P04.svg",
        "/web/demo/pictures/P05.svg",
    ]
    assert order["seller"]["name"] == "Lumen Electronics"
    assert order["messages"] == []


@pytest.mark.parametrize(
    ("number", "can_cancel"),
    [
        ("8100240001", True),
        ("8100240002", True),
        ("8100240003", False),
        ("8100240004", False),
        ("8100240005", False),
    ],
)
async def test_order_says_whether_it_can_be_cancelled(
    client: httpx.AsyncClient, number: str, can_cancel: bool
) -> None:
    assert (await read_order(client, number))["can_cancel"] is can_cancel


async def test_what_the_bot_cancels_is_cancelled_here_at_once(
    client: httpx.AsyncClient, store: AilingStore
) -> None:
    assert (await read_order(client))["status"] == "awaiting_shipping"
    store.cancel_order(
        ANAS,
        customer_id="C100",
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key="bot",
    )
    order = await read_order(client)
    assert (order["status"], order["can_cancel"]) == ("cancelled", False)
    assert order["cancelled_at"] is not None


async def test_messages_to_the_seller_stand_with_the_order(
    client: httpx.AsyncClient, store: AilingStore
) -> None:
    store.send_seller_message(ANAS, customer_id="C100", text="<b>Hi</b>", idempotency_key="bot")
    (message,) = (await read_order(client))["messages"]
    assert (message["author"], message["text"]) == ("shopper", "<b>Hi</b>")


@pytest.mark.parametrize("number", [BENS, "8100249999", "none", "%00"])
async def test_order_of_somebody_else_is_like_one_that_does_not_exist(
    client: httpx.AsyncClient, number: str
) -> None:
    headers = await sign_in(client, "C100")
    foreign = await client.get(f"{ORDERS}/{number}", headers=headers)
    unknown = await client.get(f"{ORDERS}/8100240000", headers=headers)
    assert_problem(foreign, 404)
    assert foreign.json() == unknown.json()


@pytest.mark.parametrize("path", [ORDERS, f"{ORDERS}/{ANAS}", "/demo/addresses"])
async def test_guest_is_asked_to_sign_in(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "headers",
    [
        token("x" * 64),
        token(exp=int(time.time()) - 60),
        token(exp=int(time.time()) + 100_000),
        token(sub=""),
        token(aud="another-shop"),
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer " + jwt.encode({"sub": "C100"}, "", "none")},
    ],
    ids=["forged", "expired", "too long", "nobody", "for others", "no token", "unsigned"],
)
async def test_bad_token_opens_nothing(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for path in (ORDERS, f"{ORDERS}/{ANAS}", "/demo/addresses"):
        assert_problem(await client.get(path, headers=headers), 401)


async def test_session_token_of_the_chat_is_no_identity(
    shop: Gateway, client: httpx.AsyncClient
) -> None:
    identity = (await client.post("/demo/identity", json={"customer": "C100"})).json()
    shopper = await shop.open(**identity)
    assert_problem(await client.get(ORDERS, headers=shopper.headers), 401)


async def test_number_that_is_far_too_long_is_refused(client: httpx.AsyncClient) -> None:
    headers = await sign_in(client, "C100")
    assert_problem(await client.get(f"{ORDERS}/{'8' * 65}", headers=headers), 422)


@pytest.mark.parametrize("failure", [OrderStoreUnavailable("secret"), OrderUnreadable("secret")])
async def test_store_that_is_away_is_a_503_that_says_when_to_come_back(
    client: httpx.AsyncClient, store: AilingStore, failure: Exception
) -> None:
    store.failure = failure
    headers = await sign_in(client, "C100")
    for path in (f"{ORDERS}/{ANAS}", "/demo/addresses"):
        answer = await client.get(path, headers=headers)
        assert_problem(answer, 503)
        assert answer.headers["retry-after"] == "2"
        assert "secret" not in answer.text
