"""A shop's system that fails: every call ends soon, in the store's own words."""

import contextlib
import logging
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from actions.orders.circuit_breaker import CircuitBreaker
from actions.orders.http_reading import SomebodyElses
from actions.orders.http_store import HttpOrderStore
from actions.orders.http_transport import CALL_DEADLINE_S, HttpTransport
from actions.orders.http_wire import OrderDocument
from actions.orders.model import OrderStatus
from actions.orders.shop_file import Shop
from actions.orders.store import OrderNotFound, OrderStore, OrderStoreUnavailable, OrderUnreadable
from bot.process import free_port
from tests.actions.orders.faulty_server import (
    FAULTS,
    SECRET_WORDS,
    Call,
    answer,
    closes_at_once,
    faulty_server,
    never_answers,
    says,
    says_json,
)
from tests.actions.orders.store_serving import TOKEN

ANA = "C100"
NUMBER = "8100240002"
EMAIL = "ana@example.com"
SHORT_S = 0.15
# Ample for a busy machine; without the deadline, a call would take as long as the server likes.
LONGEST_S = 10.0

CALLS: dict[str, Callable[[OrderStore], object]] = {
    "find": lambda store: store.find_order(NUMBER, customer_id=ANA),
    "find for a guest": lambda store: store.find_guest_order(NUMBER, email=EMAIL),
    "list": lambda store: store.list_orders(ANA),
    "cancel": lambda store: store.cancel_order(
        NUMBER,
        customer_id=ANA,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key="m1",
    ),
    "send": lambda store: store.send_seller_message(
        NUMBER, customer_id=ANA, text="Hello", idempotency_key="m1"
    ),
    "list messages": lambda store: store.list_seller_messages(NUMBER, customer_id=ANA),
    "products": lambda store: store.list_products(),
    "facts": lambda store: store.purchase_facts("Smart Desk Lamp", customer_id=ANA),
}


def open_store(address: str, *, deadline_s: float = CALL_DEADLINE_S) -> HttpOrderStore:
    return HttpOrderStore(HttpTransport(address, TOKEN, deadline_s=deadline_s))


def order_document(shop: Shop, number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    (order,) = (order for order in shop.orders if order.number == number)
    return {**OrderDocument.model_validate(order).model_dump(mode="json"), **changes}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_call_ends_soon_and_without_the_servers_words(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with faulty_server(FAULTS[fault]) as server:
        for call in CALLS.values():
            # Each with a store of its own: one that is having a rest would prove nothing.
            with closing(open_store(server.address, deadline_s=SHORT_S)) as store:
                began_at = time.monotonic()
                with pytest.raises(OrderStoreUnavailable) as failure:
                    call(store)
                assert time.monotonic() - began_at < LONGEST_S
            assert SECRET_WORDS not in str(failure.value)
        assert len({received.path for received in server.received}) >= 6
    for private in (SECRET_WORDS, TOKEN, EMAIL, ANA):
        assert private not in caplog.text


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_server_that_is_not_there_is_unavailable(call: Callable[[OrderStore], object]) -> None:
    with (
        closing(open_store(f"http://127.0.0.1:{free_port()}")) as store,
        pytest.raises(OrderStoreUnavailable),
    ):
        call(store)


def test_a_machine_that_does_not_take_connections_is_given_up() -> None:
    with socket.socket() as listener, contextlib.ExitStack() as others:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            other = others.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(listener.getsockname())
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with closing(open_store(address, deadline_s=SHORT_S)) as store:
            began_at = time.monotonic()
            with pytest.raises(OrderStoreUnavailable, match="ConnectTimeout"):
                store.list_orders(ANA)
            assert time.monotonic() - began_at < LONGEST_S


def test_nothing_is_logged_that_names_a_customer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    # A header without a colon makes urllib3 write the whole address into the log.
    odd = answer(200, b"{}").replace(b"\r\n", b"\r\nno colon here\r\n", 1)
    with (
        faulty_server(lambda call: call.send(odd)) as server,
        closing(open_store(server.address, deadline_s=SHORT_S)) as store,
        pytest.raises(OrderStoreUnavailable),
    ):
        store.list_orders(ANA)
    assert ANA not in caplog.text


class TestAskingAgain:
    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    @pytest.mark.parametrize("first", [closes_at_once, FAULTS["502 with HTML"]])
    def test_a_lost_answer_is_asked_for_again_with_the_same_key(
        self, first: Callable[[Call], None], call: Callable[[OrderStore], object]
    ) -> None:
        def fail_once(given: Call) -> None:
            if len(server.received) == 1:
                first(given)
            else:
                given.send(answer(404, '{"type": "urn:problem:order-not-found"}'))

        with faulty_server(fail_once) as server, closing(open_store(server.address)) as store:
            with pytest.raises((OrderNotFound, OrderStoreUnavailable)):
                call(store)
            one, again = server.received
        assert (one.method, one.target, one.body) == (again.method, again.target, again.body)
        assert one.headers.get("idempotency-key") == again.headers.get("idempotency-key")

    @pytest.mark.parametrize(
        "fault",
        ["never answers", "500 with HTML", "401", "422 with a problem", "404 of a wrong address"],
    )
    def test_what_would_not_get_better_is_asked_once(self, fault: str) -> None:
        with (
            faulty_server(FAULTS[fault]) as server,
            closing(open_store(server.address, deadline_s=1.0)) as store,
        ):
            with pytest.raises(OrderStoreUnavailable):
                store.list_orders(ANA)
            assert len(server.received) == 1

    def test_it_ends_after_a_few_times(self) -> None:
        with (
            faulty_server(closes_at_once) as server,
            closing(open_store(server.address)) as store,
        ):
            with pytest.raises(OrderStoreUnavailable):
                store.list_orders(ANA)
            assert len(server.received) == 3


class TestAServerThatIsDown:
    def test_it_is_given_a_rest_and_then_asked_once(self) -> None:
        now = [0.0]
        breaker = CircuitBreaker(failures=2, rest_s=10, clock=lambda: now[0])
        with faulty_server(says(500)) as server:
            transport = HttpTransport(server.address, TOKEN, breaker=breaker)
            with closing(HttpOrderStore(transport)) as store:
                for _ in range(5):
                    with pytest.raises(OrderStoreUnavailable):
                        store.list_orders(ANA)
                assert len(server.received) == 2
                now[0] = 11
                server.behave = says_json(200, {"orders": []})
                assert store.list_orders(ANA) == []
                assert store.list_orders(ANA) == []

    @pytest.mark.parametrize("status", [401, 404, 409, 422, 429])
    def test_a_refusal_is_an_answer_and_no_failure(self, status: int) -> None:
        breaker = CircuitBreaker(failures=2)
        with faulty_server(says_json(status, {"type": "about:blank"})) as server:
            transport = HttpTransport(server.address, TOKEN, breaker=breaker)
            with closing(HttpOrderStore(transport)) as store:
                for _ in range(5):
                    with pytest.raises(OrderStoreUnavailable):
                        store.list_orders(ANA)
            assert len(server.received) == 5


class TestTheToken:
    def test_it_is_sent_to_the_shop_and_goes_with_no_redirect(self) -> None:
        with faulty_server(never_answers) as elsewhere:
            moved = says(307, b"", Location=f"{elsewhere.address}/v1/orders")
            with faulty_server(moved) as server, closing(open_store(server.address)) as store:
                with pytest.raises(OrderStoreUnavailable):
                    store.list_orders(ANA)
                (received,) = server.received
            assert received.headers["authorization"] == f"Bearer {TOKEN}"
            assert elsewhere.connections == 0

    def test_a_proxy_of_the_environment_does_not_get_it_in_the_clear(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with (
            faulty_server(never_answers) as proxy,
            faulty_server(says_json(200, {"orders": []})) as server,
        ):
            monkeypatch.setenv("HTTP_PROXY", proxy.address)
            monkeypatch.setenv("http_proxy", proxy.address)
            with closing(open_store(server.address)) as store:
                assert store.list_orders(ANA) == []
            assert proxy.connections == 0

    def test_cookies_are_not_kept(self) -> None:
        behave = says_json(200, {"orders": []}, Set_Cookie="session=1; Path=/")
        with faulty_server(behave) as server, closing(open_store(server.address)) as store:
            store.list_orders(ANA)
            store.list_orders(ANA)
            assert "cookie" not in server.received[1].headers


def test_connections_are_kept_between_calls() -> None:
    with faulty_server(says_json(200, {"orders": []})) as server:
        with closing(open_store(server.address)) as store:
            for _ in range(3):
                store.list_orders(ANA)
        assert (len(server.received), server.connections) == (3, 1)


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again() -> None:
    def answer_once(call: Call) -> None:
        call.send(answer(200, '{"orders": []}'))
        closes_at_once(call)

    with faulty_server(answer_once) as server, closing(open_store(server.address)) as store:
        for _ in range(3):
            assert store.list_orders(ANA) == []


class TestAnOrderThatIsNotUnderstood:
    @pytest.mark.parametrize(
        "change",
        [
            {"status": "lost_at_sea"},
            {"placed_at": "yesterday"},
            {"placed_at": "2026-05-04T12:00:00"},
            {"placed_at": "9999-12-31T23:59:59Z"},
            {"placed_at": "0001-01-01T00:00:00+14:00"},
            {"total_minor": "4500"},
            {"total_minor": 45.5},
            {"total_minor": 10**30},
            {"currency": "dollars"},
            {"items": None},
            {"items": [{"sku": "P01"}]},
            {"seller": {}},
            {"shipment": {"carrier": "UPS"}},
            {"address": "Main Street"},
        ],
    )
    def test_it_is_unreadable_and_left_out_of_lists(
        self, shop: Shop, change: dict[str, Any], caplog: pytest.LogCaptureFixture
    ) -> None:
        odd = order_document(shop, **change)
        good = order_document(shop, "8100240001")
        with (
            faulty_server(says_json(200, odd)) as server,
            closing(open_store(server.address)) as store,
        ):
            with pytest.raises(OrderUnreadable) as failure:
                store.find_order(NUMBER, customer_id=ANA)
            assert failure.value.order_number == NUMBER
            server.behave = says_json(200, {"orders": [odd, good]})
            assert [order.number for order in store.list_orders(ANA)] == ["8100240001"]
        assert NUMBER in caplog.text
        assert next(iter(change)) in caplog.text
        for private in (EMAIL, ANA, "lost_at_sea", "Ana"):
            assert private not in caplog.text

    @pytest.mark.parametrize("field", OrderDocument.model_fields)
    def test_no_field_may_lack(self, shop: Shop, field: str) -> None:
        document = order_document(shop)
        del document[field]
        with (
            faulty_server(says_json(200, document)) as server,
            closing(open_store(server.address)) as store,
            pytest.raises(OrderStoreUnavailable),
        ):
            store.find_order(NUMBER, customer_id=ANA)

    @pytest.mark.parametrize(
        ("numbers", "told"), [([NUMBER], NUMBER), ([NUMBER, "8100240001"], None)]
    )
    def test_a_list_of_nothing_else_is_not_an_empty_one(
        self, shop: Shop, numbers: list[str], told: str | None
    ) -> None:
        odd = [order_document(shop, number, status="lost_at_sea") for number in numbers]
        with (
            faulty_server(says_json(200, {"orders": odd})) as server,
            closing(open_store(server.address)) as store,
            pytest.raises(OrderUnreadable) as failure,
        ):
            store.list_orders(ANA)
        assert failure.value.order_number == told

    def test_fields_of_a_later_version_are_passed_over(self, shop: Shop) -> None:
        later = says_json(200, order_document(shop, gift_wrap={"ribbon": True}))
        with faulty_server(later) as server, closing(open_store(server.address)) as store:
            assert store.find_order(NUMBER, customer_id=ANA).number == NUMBER

    def test_control_characters_are_dropped_from_what_is_shown(self, shop: Shop) -> None:
        odd = says_json(200, order_document(shop, payment="Vi\x00sa\x1b[31m\tending\n4242"))
        with faulty_server(odd) as server, closing(open_store(server.address)) as store:
            order = store.find_order(NUMBER, customer_id=ANA)
            assert order.payment == "Visa[31m\tending\n4242"

    def test_a_refusal_with_an_order_that_is_not_understood_is_unreadable(self, shop: Shop) -> None:
        refusal = {
            "type": "urn:problem:order-not-cancellable",
            "rule": "shipped",
            "order": order_document(shop, status="lost_at_sea"),
        }
        with (
            faulty_server(says_json(409, refusal)) as server,
            closing(open_store(server.address)) as store,
            pytest.raises(OrderUnreadable),
        ):
            CALLS["cancel"](store)


class TestAShopThatMixesUpItsCustomers:
    def test_another_order_than_the_one_asked_for_is_not_shown(self, shop: Shop) -> None:
        other = says_json(200, order_document(shop, "8100240001"))
        with faulty_server(other) as server, closing(open_store(server.address)) as store:
            for name in ("find", "find for a guest"):
                with pytest.raises(OrderStoreUnavailable):
                    CALLS[name](store)

    @pytest.mark.parametrize("change", [{}, {"status": "lost_at_sea"}])
    def test_the_order_of_another_customer_is_neither_shown_nor_named(
        self, shop: Shop, change: dict[str, Any]
    ) -> None:
        bens = order_document(shop, customer_id="C101", **change)
        with (
            faulty_server(says_json(200, bens)) as server,
            closing(open_store(server.address)) as store,
        ):
            with pytest.raises(SomebodyElses):
                store.find_order(NUMBER, customer_id=ANA)
            server.behave = says_json(200, {"orders": [bens]})
            with pytest.raises(SomebodyElses):
                store.list_orders(ANA)
            refusal = {"type": "urn:problem:order-not-cancellable", "rule": "shipped"}
            server.behave = says_json(409, {**refusal, "order": bens})
            with pytest.raises(OrderStoreUnavailable):
                CALLS["cancel"](store)

    def test_an_order_given_away_for_a_wrong_email_is_not_shown(self, shop: Shop) -> None:
        careless = says_json(200, order_document(shop))
        with (
            faulty_server(careless) as server,
            closing(open_store(server.address)) as store,
            pytest.raises(OrderNotFound, match="is not known here"),
        ):
            store.find_guest_order(NUMBER, email="ben@example.com")

    def test_a_refusal_that_a_call_cannot_have_is_an_outage(self) -> None:
        behave = says_json(409, {"type": "urn:problem:order-not-cancelled"})
        with (
            faulty_server(behave) as server,
            closing(open_store(server.address)) as store,
            pytest.raises(OrderStoreUnavailable),
        ):
            store.find_order(NUMBER, customer_id=ANA)
