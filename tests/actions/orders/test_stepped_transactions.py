"""Whoever comes between whose statements, and wherever a connection breaks, the books add up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine.interfaces import DBAPIConnection

from actions.orders.model import (
    CANCEL_REASONS,
    SELLER_MESSAGES_PER_HOUR,
    Cancellation,
    CancelRule,
    OrderStatus,
    SellerMessage,
)
from actions.orders.sql_engine import open_engine
from actions.orders.store import (
    OrderNotCancellable,
    OrderNotCancelled,
    OrderStore,
    OrderStoreUnavailable,
    TooManySellerMessages,
)
from tests.actions.orders.small_shop import (
    ANA,
    NUMBERS,
    OPEN,
    STATUS_AT_FIRST,
    UNSHIPPED,
    check_stock,
    fill_orders,
    seller_cancels,
    shop_moves,
    start_anew,
)
from tests.actions.orders.stepping import PATIENCE_S, Choose, Lane, Stepper
from tests.actions.orders.worlds import SqlWorld
from tests.examples import examples


class Fault(Enum):
    """What happens to a call of the store on its way; the caller then repeats it."""

    NONE = auto()
    BREAKS = auto()
    ANSWER_LOST = auto()


@dataclass(frozen=True)
class Cancel:
    """The bot cancels."""

    number: str
    key: str


@dataclass(frozen=True)
class GiveReason:
    number: str
    reason: str


@dataclass(frozen=True)
class Write:
    """The bot sends a message to the seller."""

    number: str
    key: str


@dataclass(frozen=True)
class Move:
    """The shop's own system moves an order on: it is paid, or shipped."""

    number: str
    from_status: OrderStatus
    to_status: OrderStatus


@dataclass(frozen=True)
class SellerCancels:
    """The seller cancels in the shop's own system, which puts the stock back too."""

    number: str


Deed = Cancel | GiveReason | Write | Move | SellerCancels


@dataclass(frozen=True)
class Step:
    """A deed and what goes wrong: the connection breaks before statement number `breaks_at`."""

    deed: Deed
    fault: Fault = Fault.NONE
    breaks_at: int = 0


def _move(number: str, after: tuple[OrderStatus, OrderStatus]) -> Move:
    return Move(number, *after)


NUMBER = st.sampled_from(NUMBERS)
MOVES = st.sampled_from(
    [
        (OrderStatus.AWAITING_PAYMENT, OrderStatus.AWAITING_SHIPPING),
        (OrderStatus.AWAITING_SHIPPING, OrderStatus.AWAITING_DELIVERY),
    ]
)
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.builds(Cancel, NUMBER, st.sampled_from("abc")),
    st.builds(SellerCancels, NUMBER),
    st.builds(_move, NUMBER, MOVES),
    st.builds(GiveReason, NUMBER, st.sampled_from([reason.value for reason in CANCEL_REASONS])),
    st.builds(Write, NUMBER, st.sampled_from("abcdefg")),
)
STEPS = st.builds(Step, DEEDS, st.sampled_from(Fault), st.integers(0, 5))
LANES = st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=2, max_size=3)


SETTINGS: Final = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example starts anew
)


@dataclass
class Report:
    """What the callers of the store were told, and what the shop's own system did."""

    told: list[tuple[Cancel, CancelRule | None]] = field(default_factory=list)
    reasons: list[GiveReason] = field(default_factory=list)
    sent: set[Write] = field(default_factory=set)
    by_shop: list[Move | SellerCancels] = field(default_factory=list)

    def note(self, deed: Deed, answer: object) -> None:
        match deed, answer:
            case Cancel(), Cancellation():
                self.told.append((deed, None))
            case Cancel(), OrderNotCancellable():
                self.told.append((deed, answer.rule))
            case GiveReason(), GiveReason():
                self.reasons.append(deed)
            case Write(), SellerMessage():
                self.sent.add(deed)

    def keys_told(self, number: str) -> set[str]:
        """Give the keys of the requests that were told *cancelled*."""
        return {deed.key for deed, rule in self.told if deed.number == number and rule is None}

    def rules_told(self, number: str) -> set[CancelRule]:
        return {rule for deed, rule in self.told if deed.number == number and rule}

    def moved_to(self, number: str, status: OrderStatus) -> int:
        moves = [deed for deed in self.by_shop if isinstance(deed, Move)]
        return sum(deed.number == number and deed.to_status is status for deed in moves)


def _wait_patiently(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for timeout in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET {timeout} = 0")
    cursor.close()
    connection.commit()


@pytest.fixture
def small_world(sql_world: SqlWorld) -> Iterator[SqlWorld]:
    """A world without the time-outs, which on a busy machine would be one step more."""
    fill_orders(sql_world)
    url = sql_world.engine.url.render_as_string(hide_password=False)
    engine = open_engine(url, lock_timeout_s=PATIENCE_S)
    if engine.dialect.name == "postgresql":
        sqlalchemy_event.listen(engine, "connect", _wait_patiently)
    yield SqlWorld(engine, sql_world.clock)
    engine.dispose()


@settings(SETTINGS, max_examples=examples(100))
@given(lanes=LANES, data=st.data())
def test_orders_stock_audit_and_messages_say_what_happened(
    small_world: SqlWorld, lanes: list[list[Step]], data: st.DataObject
) -> None:
    start_anew(small_world)
    report = Report()

    run(small_world, lanes, report, chooser(data))

    for number in NUMBERS:
        event(small_world.store.find_order(number, customer_id=ANA).status)
        check_order(small_world, number, report)
    check_stock(small_world)
    check_messages(small_world, report)


@SETTINGS
@given(data=st.data())
def test_messages_at_once_keep_to_the_limit(small_world: SqlWorld, data: st.DataObject) -> None:
    start_anew(small_world)
    report = Report()
    writes = [[Step(Write(number, key)) for key in "abc"] for number in (*NUMBERS, UNSHIPPED)]
    writes[2] = [Step(Write(UNSHIPPED, key)) for key in "def"]

    run(small_world, writes, report, chooser(data))

    check_messages(small_world, report)
    assert len(report.sent) == SELLER_MESSAGES_PER_HOUR


def chooser(data: st.DataObject) -> Choose:
    return lambda able: data.draw(st.sampled_from(able), label="goes on")


def run(world: SqlWorld, lanes: list[list[Step]], report: Report, choose: Choose) -> None:
    """Let each lane do its steps one after the other, repeating what went wrong."""

    def work(steps: list[Step]) -> Lane:
        def do_all(lane: Lane) -> None:
            for step in steps:
                _do_until_answered(world, lane, step, report)

        return Lane(do_all)

    Stepper(world.engine).run([work(steps) for steps in lanes], choose)


def _do_until_answered(world: SqlWorld, lane: Lane, step: Step, report: Report) -> None:
    if isinstance(step.deed, Move | SellerCancels):
        _do_in_shop(world, step.deed, report)
        return
    if step.fault is Fault.BREAKS:
        lane.fails_after = step.breaks_at
    try:
        answer = _ask_store(world.store, step.deed)
    except OrderStoreUnavailable:
        answer = None
    finally:
        lane.fails_after = None
    if answer is None or step.fault is Fault.ANSWER_LOST:
        # It is not known whether it happened: the same again, with the same key.
        answer = _ask_store(world.store, step.deed)
    report.note(step.deed, answer)


def _ask_store(store: OrderStore, deed: Deed) -> object:
    """Give what the store answers, a refusal included."""
    try:
        match deed:
            case Cancel(number, key):
                return store.cancel_order(
                    number,
                    customer_id=ANA,
                    expected_status=STATUS_AT_FIRST[number],
                    idempotency_key=key,
                )
            case GiveReason(number, reason):
                store.record_cancel_reason(number, customer_id=ANA, reason=reason)
                return deed
            case Write(number, key):
                return store.send_seller_message(
                    number, customer_id=ANA, text=key, idempotency_key=key
                )
    except (OrderNotCancellable, OrderNotCancelled, TooManySellerMessages) as refusal:
        return refusal
    raise AssertionError(f"{deed} is not for the store")


def _do_in_shop(world: SqlWorld, deed: Move | SellerCancels, report: Report) -> None:
    if isinstance(deed, Move):
        happened = shop_moves(world, deed.number, deed.from_status, deed.to_status)
    else:
        happened = seller_cancels(world, deed.number)
    if happened:
        report.by_shop.append(deed)


def check_order(world: SqlWorld, number: str, report: Report) -> None:
    order = world.store.find_order(number, customer_id=ANA)
    audit = world.audit(number)
    cancelled = [entry for entry in audit if entry.action == "cancel"]
    reasons = [entry.detail for entry in audit if entry.action == "cancel_reason"]
    by_seller = report.by_shop.count(SellerCancels(number))
    shipped = report.moved_to(number, OrderStatus.AWAITING_DELIVERY)

    assert len(cancelled) + by_seller + shipped <= 1
    assert (order.status is OrderStatus.CANCELLED) == (len(cancelled) + by_seller == 1)
    assert (order.status is OrderStatus.AWAITING_DELIVERY) == (shipped == 1)
    assert {entry.idempotency_key for entry in cancelled} == report.keys_told(number)
    assert {entry.from_status for entry in cancelled} <= OPEN
    assert report.rules_told(number) <= {order.permissions.cancel}
    assert order.cancel_reason == (reasons[-1] if reasons else None)
    assert audit[: len(cancelled)] == cancelled, "a reason came before the cancellation"
    assert {*reasons} == {deed.reason for deed in report.reasons if deed.number == number}


def check_messages(world: SqlWorld, report: Report) -> None:
    kept = [
        Write(number, message.text)
        for number in NUMBERS
        for message in world.store.list_seller_messages(number, customer_id=ANA)
    ]
    assert len(kept) == len({*kept}) <= SELLER_MESSAGES_PER_HOUR
    assert {*kept} == report.sent
