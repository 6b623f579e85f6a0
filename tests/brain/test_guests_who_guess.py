"""Whoever guesses at orders learns nothing: not from words, nor from work, nor from the limits."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import Engine, delete, event

from actions.lookup_limits import FAILURES_PER_ADDRESS, FAILURES_PER_ORDER, FAILURES_PER_SESSION
from actions.orders.model import Order
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import Clock
from actions.wiring import Services, configure
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.db.schema import lookup_failures
from tests.actions.conversation import Conversation
from tests.brain.conftest import LIMITER_KEY, ManualClock

NUMBER, UNKNOWN, BENS = "8100240003", "8100249999", "8100240011"
EMAIL = "ana@example.com"
NOT_MATCHED = ["utter_guest_not_matched"]
LOCKED = ["utter_lookup_locked"]

MISSES = [
    pytest.param(NUMBER, "eve@example.com", id="wrong e-mail"),
    pytest.param(UNKNOWN, EMAIL, id="unknown number"),
    pytest.param(BENS, EMAIL, id="order of somebody else"),
    pytest.param("8" * 200, EMAIL, id="no number at all"),
    pytest.param(NUMBER, "no e-mail at all", id="no e-mail at all"),
]


class CountingStore(SqlOrderStore):
    """Counts the guesses that reach the shop's orders."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        super().__init__(engine, clock=clock)
        self.guesses = 0

    def find_guest_order(self, number: str, *, email: str) -> Order:
        self.guesses += 1
        return super().find_guest_order(number, email=email)


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
def store(engine: Engine, orders_engine: Engine, clock: ManualClock) -> CountingStore:
    """The demo shop; guesses are counted in SQLite, then in PostgreSQL."""
    with engine.begin() as connection:
        connection.execute(delete(lookup_failures))
    store = CountingStore(orders_engine, clock=clock)
    limiter = DatabaseLookupLimiter(engine, key=LIMITER_KEY, clock=clock)
    configure(Services(store=store, limiter=limiter, clock=clock))
    return store


class Guests:
    """Opens one guest's session after the other."""

    def __init__(self, executor: ActionExecutor) -> None:
        self._executor = executor
        self._numbers = count()

    def open(self, address: str = "address") -> Conversation:
        session = f"session-{next(self._numbers)}"
        return Conversation(self._executor, session_id=session, address_key=address)


@pytest.fixture
def guests(executor: ActionExecutor, store: CountingStore) -> Guests:
    return Guests(executor)


async def guess(guest: Conversation, number: str = NUMBER, email: str = "eve@x.com") -> list[str]:
    return await guest.says("order_status", order_number=number, email=email)


def told(guest: Conversation) -> str:
    """Give the whole reply as it goes out, and what is remembered beside what was typed."""
    replies = [[r.response, r.text, dict(r.choices), list(r.cards)] for r in guest.replies]
    typed = ("order_number", "guest_email")
    kept = {name: value for name, value in guest.slots.items() if name not in typed}
    return json.dumps([replies, kept], sort_keys=True)


@contextmanager
def noted_statements(*engines: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with ExitStack() as stack:
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
            stack.callback(event.remove, engine, "before_cursor_execute", note)
        yield statements


@pytest.mark.parametrize(("number", "email"), MISSES)
async def test_every_miss_is_told_the_same_to_the_byte(
    guests: Guests, number: str, email: str
) -> None:
    reference, guest = guests.open(), guests.open()
    await guess(reference)
    assert await guess(guest, number, email) == NOT_MATCHED
    assert told(guest) == told(reference)


@pytest.mark.parametrize(("number", "email"), MISSES)
async def test_every_miss_is_the_same_work(
    guests: Guests, engine: Engine, orders_engine: Engine, number: str, email: str
) -> None:
    await guess(guests.open())
    with noted_statements(engine, orders_engine) as reference:
        await guess(guests.open())
    with noted_statements(engine, orders_engine) as statements:
        await guess(guests.open(), number, email)
    assert statements == reference
    assert len(statements) > 1


@pytest.mark.parametrize("number", [NUMBER, UNKNOWN])
async def test_the_email_is_asked_for_whether_or_not_there_is_such_an_order(
    guests: Guests, store: CountingStore, orders_engine: Engine, number: str
) -> None:
    with noted_statements(orders_engine) as statements:
        assert await guests.open().says("order_status", order_number=number) == ["utter_ask_email"]
    assert statements == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_thousand_guesses_tell_an_order_from_none_by_nothing(
    guests: Guests, store: CountingStore
) -> None:
    """500 at an order that there is, and 500 at one that there is not, side by side."""
    at_order, at_nothing = guests.open("address 1"), guests.open("address 2")
    for n in range(500):
        if n % 7 == 0:
            at_order, at_nothing = guests.open("address 1"), guests.open("address 2")
        await guess(at_order, NUMBER, f"guess{n}@example.com")
        await guess(at_nothing, UNKNOWN, f"guess{n}@example.com")
        assert told(at_order) == told(at_nothing)
    assert store.guesses == 2 * FAILURES_PER_ORDER


@pytest.mark.parametrize(
    ("most", "sessions", "numbers"),
    [(FAILURES_PER_ORDER, 30, [NUMBER]), (FAILURES_PER_ADDRESS, 50, [NUMBER, UNKNOWN, BENS, "1"])],
)
async def test_of_many_guesses_at_one_instant_no_more_than_the_limit_reach_the_orders(
    guests: Guests, store: CountingStore, most: int, sessions: int, numbers: list[str]
) -> None:
    guessing = [guess(guests.open(), numbers[n % len(numbers)]) for n in range(sessions)]
    said = await asyncio.gather(*guessing)
    assert store.guesses == most
    assert all(responses in (NOT_MATCHED, LOCKED) for responses in said)
    assert said.count(LOCKED) >= sessions - most


async def test_who_is_locked_out_is_told_when_to_come_back(guests: Guests) -> None:
    guest = guests.open()
    for _ in range(FAILURES_PER_SESSION):
        said = await guess(guest)
    assert said == LOCKED
    assert "in 15 minutes" in guest.text


async def test_an_owner_who_mistypes_once_is_not_punished(guests: Guests) -> None:
    for _ in range(3 * FAILURES_PER_ORDER):
        owner = guests.open()
        assert await guess(owner, NUMBER, EMAIL) == ["utter_status_shipped_expected"]
    owner = guests.open()
    assert await guess(owner, NUMBER, "anna@example.com") == NOT_MATCHED
    assert await owner.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def lock_order(guests: Guests) -> None:
    for _ in range(FAILURES_PER_ORDER):
        said = await guess(guests.open("strangers"))
    assert said == LOCKED


async def test_strangers_guesses_do_not_touch_the_owner_who_is_signed_in(
    guests: Guests, executor: ActionExecutor
) -> None:
    await lock_order(guests)
    owner = Conversation(executor, "C100", address_key="strangers")
    said = await owner.says("order_status", order_number=NUMBER)
    assert said == ["utter_status_shipped_expected"]


async def test_strangers_guesses_do_not_lock_the_owner_out_who_is_a_guest(guests: Guests) -> None:
    await lock_order(guests)
    owner = guests.open("home")
    assert await guess(owner, NUMBER, "anna@example.com") == NOT_MATCHED
    assert await owner.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def test_strangers_guesses_do_not_touch_an_order_that_is_proven(guests: Guests) -> None:
    owner = guests.open("strangers")
    await guess(owner, NUMBER, EMAIL)
    await lock_order(guests)
    said = await owner.says("order_details", order_number=NUMBER)
    assert said == ["utter_order_details_guest"]


async def test_a_look_up_that_the_shop_did_not_answer_is_no_failure(
    guests: Guests, store: CountingStore, orders_engine: Engine
) -> None:
    with orders_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE shop_orders RENAME TO away")
    for _ in range(2 * FAILURES_PER_SESSION):
        guest = guests.open()
        assert await guess(guest, NUMBER, EMAIL) == ["utter_store_unavailable"]
    with orders_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO shop_orders")
    assert await guess(guest, NUMBER, EMAIL) == ["utter_status_shipped_expected"]


async def test_neither_logs_nor_memory_hold_anything_of_an_order_before_its_proof(
    guests: Guests, store: CountingStore, caplog: pytest.LogCaptureFixture
) -> None:
    order = store.find_order(NUMBER, customer_id="C100")
    assert order.address
    assert order.shipment
    secrets = [
        *(order.customer_id, order.customer_name, order.customer_email, order.seller.name),
        *(order.address.line1, order.address.recipient, order.shipment.tracking_number),
        *(item.title for item in order.items),
        str(order.total_minor),
    ]
    guest = guests.open()
    with caplog.at_level(logging.DEBUG):
        for email in ("eve@example.com", "ben@example.com"):
            await guess(guest, NUMBER, email)
    seen = caplog.text + told(guest) + json.dumps(guest.slots)
    assert [secret for secret in secrets if secret in seen] == []
    await guess(guest, NUMBER, EMAIL)
    assert order.shipment.tracking_number in told(guest)
