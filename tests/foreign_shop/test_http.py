"""The adapter beyond what the bot itself would send, held to `docs/order-store.openapi.yaml`."""

import json
from collections.abc import Iterator

import httpx
import pytest

from actions.orders.shop_file import Shop
from tests.actions.orders.http_contract import faults_of_answer
from tests.foreign_shop.serving import TOKEN
from tests.foreign_shop.world import OscarWorld
from tests.store_server.any_request import OPERATIONS, require_conforming_answers

ANA = {"customer_id": "C100"}
KEY = {"Idempotency-Key": "m1"}
CANCEL = {**ANA, "expected_status": "awaiting_shipping"}
ORDER = "/v1/orders/8100240002"


@pytest.fixture
def client(oscar_world: OscarWorld) -> Iterator[httpx.Client]:
    address = f"{oscar_world.address}/bot-api"
    with httpx.Client(
        base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
    ) as client:
        yield client


def require_contract(answer: httpx.Response) -> None:
    path = answer.request.url.path.removeprefix("/bot-api")
    kind = answer.headers.get("Content-Type", "")
    method = answer.request.method
    assert faults_of_answer(method, path, answer.status_code, kind, answer.content) == []


def test_every_call_of_the_contract_is_answered_by_it(client: httpx.Client) -> None:
    answers = [
        client.get("/v1/orders", params=ANA),
        client.get(ORDER, params=ANA),
        client.post(
            "/v1/guest-order-search", json={"number": ORDER[-10:], "email": "ana@example.com"}
        ),
        client.post(f"{ORDER}/messages", json={**ANA, "text": "Hello"}, headers=KEY),
        client.get(f"{ORDER}/messages", params=ANA),
        client.post(f"{ORDER}/cancellation", json=CANCEL, headers=KEY),
        client.put(f"{ORDER}/cancel-reason", json={**ANA, "reason": "other"}),
        client.get("/v1/purchase-facts", params={**ANA, "product": "Smart Desk Lamp"}),
        client.get("/v1/products"),
    ]
    assert [answer.status_code for answer in answers] == [
        200,
        200,
        200,
        201,
        200,
        200,
        204,
        200,
        200,
    ]
    for answer in answers:
        require_contract(answer)


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "problem"),
    [
        ("GET", "/v1/orders", {}, 422, "invalid-input"),
        ("GET", "/v1/orders", {"params": {"customer_id": ""}}, 422, "invalid-input"),
        ("GET", "/v1/orders", {"params": {**ANA, "limit": "51"}}, 422, "invalid-input"),
        ("GET", "/v1/orders", {"params": {**ANA, "limit": "²"}}, 422, "invalid-input"),
        ("GET", "/v1/orders/8100240011", {"params": ANA}, 404, "order-not-found"),
        ("GET", "/v1/orders/8100%00", {"params": ANA}, 404, "order-not-found"),
        ("POST", "/v1/guest-order-search", {"content": b"[]"}, 400, "broken-json"),
        ("POST", "/v1/guest-order-search", {"content": b"\xff"}, 400, "broken-json"),
        ("POST", "/v1/guest-order-search", {"content": b"[" * 100_000}, 400, "broken-json"),
        ("POST", "/v1/guest-order-search", {"content": b"1" * 5_000_000}, 400, "broken-json"),
        ("POST", "/v1/guest-order-search", {"json": {"number": 1}}, 422, "invalid-input"),
        ("POST", f"{ORDER}/cancellation", {"json": CANCEL}, 422, "invalid-input"),
        (
            "POST",
            f"{ORDER}/cancellation",
            {"json": {**CANCEL, "expected_status": []}, "headers": KEY},
            422,
            "invalid-input",
        ),
        (
            "POST",
            "/v1/orders/8100240003/cancellation",
            {"json": CANCEL, "headers": KEY},
            409,
            "order-not-cancellable",
        ),
        (
            "PUT",
            f"{ORDER}/cancel-reason",
            {"json": {**ANA, "reason": "boredom"}},
            422,
            "invalid-input",
        ),
        (
            "PUT",
            f"{ORDER}/cancel-reason",
            {"json": {**ANA, "reason": "other"}},
            409,
            "order-not-cancelled",
        ),
        (
            "POST",
            f"{ORDER}/messages",
            {"json": {**ANA, "text": " \n"}, "headers": KEY},
            422,
            "seller-message-rejected",
        ),
        (
            "POST",
            f"{ORDER}/messages",
            {"json": {**ANA, "text": None}, "headers": KEY},
            422,
            "invalid-input",
        ),
        ("GET", "/v1/purchase-facts", {"params": {"product": "x" * 301}}, 422, "invalid-input"),
        ("GET", "/v1/products", {"params": {"limit": "0"}}, 422, "invalid-input"),
        ("GET", "/v1/products", {"params": {"cursor": "P05"}}, 422, "invalid-input"),
    ],
)
def test_what_cannot_be_done_has_the_problem_of_the_contract(
    client: httpx.Client, method: str, path: str, sent: dict[str, object], status: int, problem: str
) -> None:
    answer = client.request(method, path, **sent)  # type: ignore[arg-type]  # of any request
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:problem:{problem}")
    require_contract(answer)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_any_request_is_answered_as_described(
    oscar_world: OscarWorld, method: str, path: str
) -> None:
    address = f"{oscar_world.address}/bot-api"
    require_conforming_answers(address, TOKEN, method, path, examples=10)


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1/orders/a%2Fb", "/v1/orders/a/b/c"])
def test_an_unknown_address_is_not_an_unknown_order(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params=ANA)
    assert (answer.status_code, answer.json()["type"]) == (404, "about:blank")


@pytest.mark.parametrize("number", ["8100240011", "8100249999", "no such", "x" * 1000])
def test_anothers_order_and_an_unknown_one_look_the_same(client: httpx.Client, number: str) -> None:
    answer = client.get(f"/v1/orders/{number}", params=ANA)
    assert (answer.status_code, answer.content) == (
        404,
        client.get("/v1/orders/0", params=ANA).content,
    )


@pytest.mark.parametrize("email", [" ", "ana@example.com"])
def test_an_order_whose_account_was_deleted_is_opened_by_no_email(
    client: httpx.Client, oscar_world: OscarWorld, email: str
) -> None:
    oscar_world.change("UPDATE order_order SET user_id = NULL, guest_email = ''")
    answer = client.post("/v1/guest-order-search", json={"number": ORDER[-10:], "email": email})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", f"Bearer {TOKEN}x", f"Digest {TOKEN}", "Bearer tökén"]
)
def test_without_the_token_nothing_is_told(client: httpx.Client, authorization: str) -> None:
    headers = {b"Authorization": authorization.encode()}
    for path in (ORDER, "/v1/products", "/v1/orders/unknown"):
        answer = client.get(path, params=ANA, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        require_contract(answer)


def test_another_method_is_refused(client: httpx.Client) -> None:
    answer = client.delete(ORDER, params=ANA)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_no_answer_is_kept_by_a_cache_or_carries_a_cookie(client: httpx.Client) -> None:
    answer = client.get(ORDER, params=ANA)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_pages_of_products_join_without_gap_or_overlap(client: httpx.Client, shop: Shop) -> None:
    found: list[str] = []
    query = {"limit": "5"}
    while True:
        page = client.get("/v1/products", params=query).json()
        found += [product["id"] for product in page["products"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(found) == sorted(product.id for product in shop.products)


def test_a_text_of_half_characters_is_cleaned_and_kept(client: httpx.Client) -> None:
    body = json.dumps({**ANA, "text": "Hello \ud800there"})
    answer = client.post(f"{ORDER}/messages", content=body, headers=KEY)
    assert answer.json()["text"] == "Hello there"
