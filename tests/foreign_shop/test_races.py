"""A shopper cancels while the shop ships: it happens once or not at all, and the stock adds up."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from actions.orders.http_transport import CALL_DEADLINE_S
from actions.orders.model import SELLER_MESSAGES_PER_HOUR, CancelRule, OrderStatus
from actions.orders.store import OrderNotCancellable, TooManySellerMessages
from tests.foreign_shop.serving import TOKEN, serving
from tests.foreign_shop.staff import Staff
from tests.foreign_shop.world import OscarWorld

WAITS_AT_MOST_S = 10


@dataclass(frozen=True)
class Awaited:
    """An order that waits to be shipped, with one piece of one product."""

    number: str
    customer_id: str
    sku: str


BENS = Awaited("8100240011", "C101", "P12-28")
CHENS_FIRST = Awaited("8100240021", "C102", "P06-STD")
CHENS_SECOND = Awaited("8100240022", "C102", "P06-STD")
ANAS = Awaited("8100240002", "C100", "P01-M-BLU")
GRACES_FIRST = Awaited("8100240061", "C106", "P05-US")
GRACES_SECOND = Awaited("8100240062", "C106", "P05-US")
HUGOS = Awaited("8100240079", "C107", "P12-26")


@dataclass(frozen=True)
class Count:
    """How many of a product there are: in the warehouse, and to be bought."""

    in_warehouse: int
    for_sale: int


def counted(world: OscarWorld, order: Awaited) -> Count:
    return Count(world.in_warehouse(order.sku), world.stock(order.sku))


def cancel(world: OscarWorld, order: Awaited, key: str = "m1") -> str:
    """Cancel; tell what came of it."""
    try:
        world.store.cancel_order(
            order.number,
            customer_id=order.customer_id,
            expected_status=OrderStatus.AWAITING_SHIPPING,
            idempotency_key=key,
        )
    except OrderNotCancellable as refusal:
        return refusal.rule.value
    return "cancelled"


class Queue:
    """Holds an order's row; whoever wants to change it queues up, in the order of calling."""

    def __init__(self, world: OscarWorld, threads: ThreadPoolExecutor) -> None:
        self._world = world
        self._threads = threads
        self._waiting = 0

    def add(self, change: Callable[[], str]) -> "Future[str]":
        """Start a change, and come back when it waits."""
        future = self._threads.submit(change)
        self._waiting += 1
        ends_at = time.monotonic() + WAITS_AT_MOST_S
        while self._count() < self._waiting:
            assert time.monotonic() < ends_at, "the change does not wait for its turn"
            assert not future.done(), future.result()
            time.sleep(0.01)
        return future

    def _count(self) -> int:
        query = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with self._world.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


@contextmanager
def queue_behind(world: OscarWorld, query: str, **values: str) -> Iterator[Queue]:
    """Hold the rows of the query until the block ends."""
    with ThreadPoolExecutor() as threads, world.engine.begin() as connection:
        connection.execute(text(query), values)
        yield Queue(world, threads)


@contextmanager
def queue_for(world: OscarWorld, order: Awaited) -> Iterator[Queue]:
    held = "SELECT 1 FROM order_order WHERE number = :number FOR UPDATE"
    with queue_behind(world, held, number=order.number) as queue:
        yield queue


@pytest.fixture
def staff(busy_world: OscarWorld) -> Staff:
    busy_world.staff.log_in()
    return busy_world.staff


def test_of_two_cancellations_at_once_one_happens(busy_world: OscarWorld) -> None:
    before = counted(busy_world, BENS)
    with queue_for(busy_world, BENS) as queue:
        first = queue.add(lambda: cancel(busy_world, BENS, "first tab"))
        second = queue.add(lambda: cancel(busy_world, BENS, "second tab"))
    assert (first.result(), second.result()) == ("cancelled", CancelRule.ALREADY_CANCELLED)
    assert counted(busy_world, BENS) == Count(before.in_warehouse, before.for_sale + 1)
    assert [entry.idempotency_key for entry in busy_world.audit(BENS.number)] == ["first tab"]


def test_a_repeat_that_comes_too_early_waits_and_gets_the_same_answer(
    busy_world: OscarWorld,
) -> None:
    before = counted(busy_world, CHENS_FIRST)
    with queue_for(busy_world, CHENS_FIRST) as queue:
        answers = [queue.add(lambda: cancel(busy_world, CHENS_FIRST)) for _ in range(2)]
    assert [answer.result() for answer in answers] == ["cancelled", "cancelled"]
    assert counted(busy_world, CHENS_FIRST) == Count(before.in_warehouse, before.for_sale + 1)
    assert len(busy_world.audit(CHENS_FIRST.number)) == 1


def test_what_the_dashboard_ships_first_is_not_cancelled(
    busy_world: OscarWorld, staff: Staff
) -> None:
    before = counted(busy_world, ANAS)
    with queue_for(busy_world, ANAS) as queue:
        queue.add(lambda: str(staff.change_status(ANAS.number, "Shipped")))
        cancelling = queue.add(lambda: cancel(busy_world, ANAS))
    assert cancelling.result() == CancelRule.SHIPPED
    assert busy_world.status_in_oscar(ANAS.number) == "Shipped"
    assert counted(busy_world, ANAS) == Count(before.in_warehouse - 1, before.for_sale)


def test_what_is_cancelled_first_the_dashboard_does_not_ship(
    busy_world: OscarWorld, staff: Staff
) -> None:
    before = counted(busy_world, GRACES_FIRST)
    with queue_for(busy_world, GRACES_FIRST) as queue:
        cancelling = queue.add(lambda: cancel(busy_world, GRACES_FIRST))
        # It read the order before the cancellation, and offers its reader to ship it.
        queue.add(lambda: str(staff.change_status(GRACES_FIRST.number, "Shipped")))
    assert cancelling.result() == "cancelled"
    assert busy_world.status_in_oscar(GRACES_FIRST.number) == "Cancelled"
    assert counted(busy_world, GRACES_FIRST) == Count(before.in_warehouse, before.for_sale + 1)
    assert line_statuses(busy_world, GRACES_FIRST) == ["Dropped"]
    page = staff.open(f"/dashboard/orders/{GRACES_FIRST.number}/")
    assert "Unable to change order status" in page


def test_of_what_is_cancelled_first_no_parcel_leaves(busy_world: OscarWorld, staff: Staff) -> None:
    before = counted(busy_world, HUGOS)
    with queue_for(busy_world, HUGOS) as queue:
        cancelling = queue.add(lambda: cancel(busy_world, HUGOS))
        queue.add(lambda: str(staff.add_shipping_event(HUGOS.number, "shipped", "1Z999")))
    assert cancelling.result() == "cancelled"
    assert counted(busy_world, HUGOS) == Count(before.in_warehouse, before.for_sale + 1)
    order = busy_world.store.find_order(HUGOS.number, customer_id=HUGOS.customer_id)
    assert (order.status, order.shipment) == (OrderStatus.CANCELLED, None)


def test_whoever_comes_first_the_stock_adds_up(busy_world: OscarWorld, staff: Staff) -> None:
    """Nobody is held up here; two orders share a product with two others that were cancelled."""
    orders = [CHENS_SECOND, GRACES_SECOND]
    before = [counted(busy_world, order) for order in orders]
    with ThreadPoolExecutor() as threads:
        for order in orders:
            for key in ("first tab", "second tab"):
                threads.submit(cancel, busy_world, order, key)
            threads.submit(staff.change_status, order.number, "Shipped")
    for order, count in zip(orders, before, strict=True):
        is_cancelled = busy_world.status_in_oscar(order.number) == "Cancelled"
        assert len(busy_world.audit(order.number)) == is_cancelled
        assert counted(busy_world, order) == (
            Count(count.in_warehouse, count.for_sale + 1)
            if is_cancelled
            else Count(count.in_warehouse - 1, count.for_sale)
        )


def test_of_two_messages_at_once_the_second_counts_the_first(busy_world: OscarWorld) -> None:
    """They are about two orders; what they have in common is who writes them."""

    def send(number: str, key: str) -> str:
        try:
            busy_world.store.send_seller_message(
                number, customer_id=ANAS.customer_id, text="Hello", idempotency_key=key
            )
        except TooManySellerMessages:
            return "too many"
        return "sent"

    for n in range(SELLER_MESSAGES_PER_HOUR - 1):
        send("8100240003", f"m{n}")
    held = "SELECT 1 FROM auth_user WHERE username = :name FOR UPDATE"
    with queue_behind(busy_world, held, name=ANAS.customer_id) as queue:
        first = queue.add(lambda: send("8100240003", "first tab"))
        second = queue.add(lambda: send("8100240004", "second tab"))
    assert (first.result(), second.result()) == ("sent", "too many")


def test_an_order_that_stays_held_is_not_waited_for_longer_than_the_bot_waits(
    oscar_python: Path, busy_world: OscarWorld, tmp_path: Path
) -> None:
    database = busy_world.engine.url.render_as_string(hide_password=False)
    order = Awaited("8100240001", "C100", "P09-SAND")
    with serving(oscar_python, tmp_path, database) as address, queue_for(busy_world, order):
        answer = httpx.post(
            f"{address}/bot-api/v1/orders/{order.number}/cancellation",
            headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "m1"},
            json={"customer_id": order.customer_id, "expected_status": "awaiting_payment"},
            timeout=WAITS_AT_MOST_S,
        )
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json()["type"] == "urn:problem:order-store-unavailable"
    assert 1 < answer.elapsed.total_seconds() < CALL_DEADLINE_S
    assert busy_world.status_in_oscar(order.number) == "Pending"


def line_statuses(world: OscarWorld, order: Awaited) -> list[str]:
    query = text(
        "SELECT line.status FROM order_line line"
        " JOIN order_order ON order_order.id = line.order_id WHERE number = :number"
    )
    with world.engine.connect() as connection:
        return list(connection.execute(query, {"number": order.number}).scalars())
