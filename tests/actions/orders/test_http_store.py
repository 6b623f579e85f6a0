"""What the HTTP store asks, and what it makes of any answer that a program could give."""

import contextlib
import copy
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.orders.deadline import Deadline, within
from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.http_problems import PROBLEMS
from actions.orders.http_store import HttpOrderStore, open_http_store
from actions.orders.http_transport import Answer, HttpTransport, Request
from actions.orders.http_wire import OrderDocument
from actions.orders.model import Order, OrderStatus
from actions.orders.shop_file import Shop, read_shop
from actions.orders.store import OrderNotFound, OrderStore, OrderStoreError, OrderStoreUnavailable
from actions.presentation import Presentation
from actions.turn import Session
from tests.actions.orders.faulty_server import faulty_server, says_json
from tests.actions.orders.store_serving import TOKEN
from tests.actions.orders.worlds import NOW, HttpWorld

ANA = "C100"
NUMBER = "8100240002"
EMAIL = "ana@example.com"
SHOP = read_shop(DEMO_SHOP_PATH, now=NOW)

CALLS: dict[str, Callable[[OrderStore], object]] = {
    "find": lambda store: store.find_order(NUMBER, customer_id=ANA),
    "find for a guest": lambda store: store.find_guest_order(NUMBER, email=EMAIL),
    "list": lambda store: store.list_orders(ANA),
    "cancel": lambda store: cancel(store, "m1"),
    "reason": lambda store: store.record_cancel_reason(NUMBER, customer_id=ANA, reason="other"),
    "send": lambda store: store.send_seller_message(
        NUMBER, customer_id=ANA, text="Hello", idempotency_key="m1"
    ),
    "messages": lambda store: store.list_seller_messages(NUMBER, customer_id=ANA),
    "products": lambda store: store.list_products(),
    "facts": lambda store: store.purchase_facts("Smart Desk Lamp", customer_id=ANA),
}


def cancel(store: OrderStore, key: str) -> object:
    return store.cancel_order(
        NUMBER,
        customer_id=ANA,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key=key,
    )


class ScriptedTransport:
    """Answers every request the same, and keeps them."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answer


def scripted(status: int, document: Any) -> tuple[HttpOrderStore, ScriptedTransport]:
    transport = ScriptedTransport(Answer(status, document, retry_after="60"))
    return HttpOrderStore(cast(HttpTransport, transport)), transport


class TestWhatIsAsked:
    @pytest.mark.parametrize("number", ["", "a/b", "..", "8100 24", "%2e", "x" * 65, "é"])
    def test_a_number_that_no_shop_could_have_is_not_asked_for(self, number: str) -> None:
        store, transport = scripted(200, {})
        with pytest.raises(OrderNotFound):
            store.find_order(number, customer_id=ANA)
        with pytest.raises(OrderNotFound):
            store.find_guest_order(number, email=EMAIL)
        assert transport.requests == []

    def test_an_email_stands_in_the_body_alone(self) -> None:
        store, transport = scripted(404, {"type": "urn:problem:order-not-found"})
        with pytest.raises(OrderNotFound):
            store.find_guest_order(NUMBER, email=f" {EMAIL.upper()}")
        (request,) = transport.requests
        assert request.body == {"number": NUMBER, "email": EMAIL}
        assert EMAIL not in request.path + str(request.query)

    def test_no_more_are_asked_for_than_the_contract_allows(self) -> None:
        store, transport = scripted(200, {"orders": []})
        store.list_orders(ANA, limit=1000)
        assert transport.requests[0].query["limit"] == "50"

    def test_no_more_are_given_than_asked_for(self) -> None:
        own = [order for order in SHOP.orders if order.customer_id == ANA]
        documents = [OrderDocument.model_validate(order).model_dump(mode="json") for order in own]
        store, _ = scripted(200, {"orders": documents})
        assert len(store.list_orders(ANA, limit=2)) == 2

    @pytest.mark.parametrize("key", ["é", "line\nbreak", " spaces ", "x" * 256, "\ud800"])
    def test_a_key_that_no_header_can_hold_becomes_one_that_it_can(self, key: str) -> None:
        store, transport = scripted(409, {"type": "urn:problem:order-not-cancelled"})
        for one in (key, key, key + "!"):
            with pytest.raises(OrderStoreUnavailable):
                cancel(store, one)
        first, again, other = (request.idempotency_key or "" for request in transport.requests)
        assert first == again != other
        assert first.isascii()
        assert first.isalnum()

    def test_the_token_and_who_asks_stand_in_the_headers(self) -> None:
        with faulty_server(says_json(200, {"orders": []})) as server:
            with closing(open_http_store(server.address, TOKEN)) as store:
                store.list_orders("somebody & friends")
            (received,) = server.received
        assert received.headers["authorization"] == f"Bearer {TOKEN}"
        assert received.headers["user-agent"].startswith("shop-support-bot")
        assert received.target == "/v1/orders?customer_id=somebody+%26+friends&limit=5"

    def test_nothing_is_asked_once_nobody_waits_any_more(self) -> None:
        with (
            faulty_server(says_json(200, {"orders": []})) as server,
            closing(open_http_store(server.address, TOKEN)) as store,
        ):
            for _ in range(10):
                with within(Deadline.after(-1)), pytest.raises(OrderStoreUnavailable):
                    store.list_orders(ANA)
            assert server.received == []
            # That is no failure of the shop's, which is asked as before.
            assert store.list_orders(ANA) == []


def test_a_list_of_products_without_an_end_is_given_up() -> None:
    store, transport = scripted(200, {"products": [], "next_cursor": "again"})
    with pytest.raises(OrderStoreUnavailable, match="no end"):
        store.list_products()
    assert transport.requests[1].query["cursor"] == "again"


class TestManyAtOnce:
    def test_each_gets_the_answer_to_its_own_question(
        self, http_world: HttpWorld, shop: Shop
    ) -> None:
        customers = [f"C10{n}" for n in range(8)] * 5

        def owners(customer_id: str) -> set[str]:
            listed = http_world.store.list_orders(customer_id, limit=50)
            return {order.customer_id for order in listed}

        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(owners, customers))
        have_orders = {order.customer_id for order in shop.orders}
        assert found == [{one} & have_orders for one in customers]

    def test_one_request_sent_at_once_from_many_threads_cancels_once(
        self, http_world: HttpWorld
    ) -> None:
        before = http_world.stock("P01-M-BLU")
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda _: cancel(http_world.store, "m1"), range(6)))
        assert len({repr(answer) for answer in answers}) == 1
        assert http_world.stock("P01-M-BLU") == before + 1
        assert len(http_world.audit(NUMBER)) == 1


TEXTS = st.text(max_size=20) | st.sampled_from(
    [NUMBER, ANA, EMAIL, "cancelled", "USD", "2026-05-04T12:00:00Z", "9000-12-31T23:59:59Z"]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def paths_of(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List where something stands in a document."""
    entries: Sequence[tuple[Any, Any]] = ()
    if isinstance(document, dict):
        entries = list(document.items())
    elif isinstance(document, list):
        entries = list(enumerate(document))
    for key, value in entries:
        yield (*path, key)
        yield from paths_of(value, (*path, key))


def good_answers() -> dict[str, Any]:
    (order,) = (order for order in SHOP.orders if order.number == NUMBER)
    (shipped,) = (order for order in SHOP.orders if order.number == "8100240003")
    document, second = (
        OrderDocument.model_validate(one).model_dump(mode="json") for one in (order, shipped)
    )
    message = {
        "id": "1",
        "order_number": NUMBER,
        "author": "shopper",
        "text": "Hi",
        "sent_at": "2026-05-04T12:00:00Z",
    }
    product = {"id": "P1", "title": "Lamp", "listed": True}
    variants = [{"attributes": {"color": "Red"}, "stock": 3}]
    return {
        "find": document,
        "find for a guest": document,
        "list": {"orders": [document, second]},
        "cancel": {"order": document, "happened_now": True},
        "reason": {},
        "send": message,
        "messages": {"messages": [message, message]},
        "products": {
            "products": [{"id": "P1", "title": "Lamp", "attributes": {"color": ["Red"]}}],
            "next_cursor": None,
        },
        "facts": {
            "product": product | {"variants": variants},
            "recent_purchases": [{"order_number": NUMBER, "placed_at": "2026-05-04T12:00:00Z"}],
            "addresses": [document["address"]],
        },
    }


GOOD = good_answers()


@pytest.mark.parametrize("call", CALLS)
def test_a_good_answer_is_taken(call: str) -> None:
    store, _ = scripted(200, GOOD[call])
    CALLS[call](store)


@pytest.mark.parametrize("call", CALLS)
@given(data=st.data())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_an_answer_with_anything_in_any_place_is_taken_or_refused(
    call: str, data: st.DataObject
) -> None:
    document = copy.deepcopy(GOOD[call])
    for path in data.draw(st.lists(st.sampled_from(list(paths_of(document)) or [()]), max_size=3)):
        put(document, path, data.draw(ANYTHING))
    try_to_show(call, 200, document)


@pytest.mark.parametrize("call", CALLS)
@given(
    status=st.sampled_from([200, 201, 204, 400, 401, 404, 409, 422, 429, 500]),
    document=st.dictionaries(TEXTS, ANYTHING, max_size=4),
    kind=ANYTHING | st.sampled_from(list(PROBLEMS)),
    rule=ANYTHING | st.sampled_from(["shipped", "allowed", "empty"]),
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_any_problem_is_an_error_of_the_store(
    call: str, status: int, document: dict[str, Any], kind: Any, rule: Any
) -> None:
    try_to_show(call, status, {**document, "type": kind, "rule": rule, "problem": rule})


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    """Put a value into its place, if an earlier one has left the place there."""
    with contextlib.suppress(KeyError, IndexError, TypeError):
        for key in path[:-1]:
            document = document[key]
        if path and not isinstance(document, str):
            document[path[-1]] = value


def try_to_show(call: str, status: int, document: Any) -> None:
    """Make the call, and show to a shopper what comes back; only the store's errors may come."""
    store, _ = scripted(status, json.loads(json.dumps(document)))
    try:
        found = CALLS[call](store)
    except OrderStoreError:
        return
    session = Session("s", "m", ANA, "a", "Pacific/Kiritimati", "de")
    show = Presentation.for_session(session)
    for order in found if isinstance(found, list) else [found]:
        if isinstance(order, Order):
            json.dumps([show.order_card(order), show.seller_card(order)])
            show.choice_title(order)
            show.money(order.total_minor, order.currency)
