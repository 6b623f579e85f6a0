"""The reference server, held to the contract in `docs/order-store.openapi.yaml`."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.openapi.utils import get_openapi

from actions.orders.demo_shop import DEMO_SHOP_PATH, load_demo_shop
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.http_store import open_http_store
from actions.orders.migrations import upgrade_schema
from actions.orders.model import Order, OrderStatus
from actions.orders.shop_file import read_shop
from actions.orders.sql_engine import open_engine
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable
from bot.store_server.app import create_store_app
from bot.store_server.auth import TokenMiddleware
from tests.actions.orders.http_contract import CONTRACT, faults_of_answer
from tests.actions.orders.store_serving import TOKEN, served
from tests.actions.orders.worlds import NOW
from tests.store_server import shapes
from tests.store_server.any_request import OPERATIONS, require_conforming_answers

ANA, NUMBER = "C100", "8100240002"
MESSAGES = f"/v1/orders/{NUMBER}/messages"


class AilingStore(InMemoryOrderStore):
    """Fails as it is told to."""

    failure: Exception | None = None

    def find_order(self, number: str, *, customer_id: str) -> Order:
        if self.failure:
            raise self.failure
        return super().find_order(number, customer_id=customer_id)


@pytest.fixture(scope="module")
def served_store() -> AilingStore:
    return AilingStore(read_shop(DEMO_SHOP_PATH, now=NOW), clock=lambda: NOW)


@pytest.fixture(scope="module")
def address(served_store: AilingStore) -> Iterator[str]:
    with served(create_store_app(served_store, token=TOKEN)) as address:
        yield address


@pytest.fixture
def store(served_store: AilingStore) -> Iterator[AilingStore]:
    """The store behind the server, in good health until a test says otherwise."""
    yield served_store
    served_store.failure = None


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=address, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """What FastAPI says of the server by itself."""
    store = InMemoryOrderStore(read_shop(DEMO_SHOP_PATH, now=NOW))
    return get_openapi(title="-", version="1", routes=create_store_app(store, token=TOKEN).routes)


def faults(response: httpx.Response) -> list[str]:
    kind = response.headers.get("content-type", "").partition(";")[0]
    request = response.request
    return faults_of_answer(
        request.method, request.url.path, response.status_code, kind, response.content
    )


class TestWhatFileAndServerSay:
    def test_both_have_the_same_calls(self, described: dict[str, Any]) -> None:
        made = {(method, path) for path, found in described["paths"].items() for method in found}
        assert made == set(OPERATIONS)

    @pytest.mark.parametrize("describe", [shapes.parameters, shapes.body, shapes.success])
    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_both_say_the_same_of_a_call(
        self, described: dict[str, Any], method: str, path: str, describe: Any
    ) -> None:
        ours = describe(CONTRACT["paths"][path][method], CONTRACT)
        assert describe(described["paths"][path][method], described) == ours

    @pytest.mark.parametrize(("method", "path"), OPERATIONS)
    def test_any_request_is_answered_as_described(
        self, address: str, method: str, path: str
    ) -> None:
        require_conforming_answers(address, TOKEN, method, path)


class TestTheToken:
    @pytest.mark.parametrize(
        "given", [None, "", TOKEN, "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"]
    )
    @pytest.mark.parametrize("path", ["/v1/products", "/v1/nothing", "/openapi.json"])
    def test_without_it_nothing_is_answered(
        self, client: httpx.Client, given: str | None, path: str
    ) -> None:
        headers = {} if given is None else {b"Authorization": given.encode()}
        response = httpx.get(f"{client.base_url}{path}", headers=headers)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
        assert response.json()["type"] == "urn:problem:unauthorized"

    def test_it_comes_before_the_body_is_looked_at(self, client: httpx.Client) -> None:
        response = httpx.post(f"{client.base_url}/v1/guest-order-search", content=b"{")
        assert response.status_code == 401

    def test_an_empty_one_would_let_everybody_in(self) -> None:
        async def app(*_: Any) -> None:
            raise AssertionError

        with pytest.raises(ValueError, match="everybody"):
            TokenMiddleware(app, token="")


class TestProblems:
    @pytest.mark.parametrize("body", [b"{", b'{"email": "\xff"}', b"["])
    def test_broken_json(self, client: httpx.Client, body: bytes) -> None:
        response = client.post(
            "/v1/guest-order-search", content=body, headers={"Content-Type": "application/json"}
        )
        assert (response.status_code, faults(response)) == (400, [])
        assert response.json()["type"] == "urn:problem:broken-json"

    def test_what_was_sent_is_not_repeated(self, client: httpx.Client) -> None:
        email = "ana@example.com" * 100
        response = client.post("/v1/guest-order-search", json={"number": NUMBER, "email": email})
        assert (response.status_code, faults(response)) == (422, [])
        assert "ana" not in response.text
        assert "email" in response.json()["detail"]

    @pytest.mark.parametrize("key", [None, "", "x" * 256])
    def test_a_change_without_a_usable_key(self, client: httpx.Client, key: str | None) -> None:
        headers = {} if key is None else {"Idempotency-Key": key}
        response = client.post(MESSAGES, json={"customer_id": ANA, "text": "Hi"}, headers=headers)
        assert (response.status_code, faults(response)) == (422, [])

    @pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1/orders/", "/v1/orders/a/b/c"])
    def test_an_unknown_address_is_not_an_unknown_order(
        self, client: httpx.Client, path: str
    ) -> None:
        response = client.get(path, params={"customer_id": ANA})
        assert (response.status_code, response.json()["type"]) == (404, "about:blank")

    @pytest.mark.parametrize("number", ["8100240011", "8100249999", "no such", "x" * 1000])
    def test_anothers_order_and_an_unknown_one_look_the_same(
        self, client: httpx.Client, number: str
    ) -> None:
        response = client.get(f"/v1/orders/{number}", params={"customer_id": ANA})
        unknown = client.get("/v1/orders/0", params={"customer_id": ANA})
        assert response.status_code == unknown.status_code == 404
        assert response.content == unknown.content

    @pytest.mark.parametrize(
        ("failure", "status", "kind"),
        [
            (OrderStoreUnavailable("no space on db7"), 503, "order-store-unavailable"),
            (OrderUnreadable("order 8100240002: status lost"), 500, "order-unreadable"),
        ],
    )
    def test_what_fails_behind_the_counter_stays_there(
        self,
        client: httpx.Client,
        address: str,
        store: AilingStore,
        failure: OrderStoreUnavailable,
        status: int,
        kind: str,
    ) -> None:
        store.failure = failure
        response = client.get(f"/v1/orders/{NUMBER}", params={"customer_id": ANA})
        assert (response.status_code, faults(response)) == (status, [])
        assert response.json()["type"] == f"urn:problem:{kind}"
        assert str(failure) not in response.text
        with closing(open_http_store(address, TOKEN)) as over_http, pytest.raises(type(failure)):
            over_http.find_order(NUMBER, customer_id=ANA)

    def test_a_change_that_takes_too_long_is_taken_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.store_server.app.ANSWERED_WITHIN_S", 0)
        engine = open_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
        upgrade_schema(engine)
        load_demo_shop(engine, now=NOW)
        sql_store = SqlOrderStore(engine, clock=lambda: NOW)
        with (
            served(create_store_app(sql_store, token=TOKEN)) as address,
            closing(open_http_store(address, TOKEN)) as over_http,
        ):
            with pytest.raises(OrderStoreUnavailable):
                over_http.cancel_order(
                    NUMBER,
                    customer_id=ANA,
                    expected_status=OrderStatus.AWAITING_SHIPPING,
                    idempotency_key="m1",
                )
            order = over_http.find_order(NUMBER, customer_id=ANA)
        assert order.status is OrderStatus.AWAITING_SHIPPING
        engine.dispose()

    def test_a_mistake_of_the_server_is_a_problem_too(
        self, client: httpx.Client, store: AilingStore
    ) -> None:
        store.failure = KeyError("secret")
        response = client.get(f"/v1/orders/{NUMBER}", params={"customer_id": ANA})
        assert (response.status_code, faults(response)) == (500, [])
        assert "secret" not in response.text

    def test_a_huge_body_is_refused(self, client: httpx.Client) -> None:
        response = client.post(
            MESSAGES,
            json={"customer_id": ANA, "text": "x" * 100_000},
            headers={"Idempotency-Key": "m1"},
        )
        assert response.status_code == 413


class TestPagesOfProducts:
    def test_they_hold_every_product_once(self, client: httpx.Client, store: AilingStore) -> None:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": "5", **({"cursor": cursor} if cursor else {})}
            page = client.get("/v1/products", params=query)
            assert faults(page) == []
            assert len(page.json()["products"]) <= 5
            found += [product["id"] for product in page.json()["products"]]
            cursor = page.json()["next_cursor"]
        assert found == [product.id for product in store.list_products()]

    def test_the_bot_reads_them_all(
        self, address: str, store: AilingStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("actions.orders.http_store.PAGE_SIZE", 4)
        with closing(open_http_store(address, TOKEN)) as over_http:
            assert list(over_http.list_products()) == list(store.list_products())
