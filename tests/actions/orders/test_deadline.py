from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from actions.orders.deadline import (
    Deadline,
    current_deadline,
    require_somebody_waits,
    within,
)
from actions.orders.model import OrderStatus
from actions.orders.store import OrderStoreUnavailable
from tests.actions.orders.worlds import SqlWorld

ANA, UNSHIPPED = "C100", "8100240002"

CHANGES: list[Callable[[SqlWorld], object]] = [
    lambda world: world.store.cancel_order(
        UNSHIPPED,
        customer_id=ANA,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key="m1",
    ),
    lambda world: world.store.send_seller_message(
        UNSHIPPED, customer_id=ANA, text="Hello", idempotency_key="m1"
    ),
]


def test_without_a_deadline_somebody_always_waits() -> None:
    require_somebody_waits()


def test_a_deadline_holds_for_its_call_alone() -> None:
    with pytest.raises(OrderStoreUnavailable), within(Deadline.after(0)):
        require_somebody_waits()
    require_somebody_waits()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_comes_through_too_late_is_not_made(
    sql_world: SqlWorld, change: Callable[[SqlWorld], object]
) -> None:
    before = sql_world.stock("P01-M-BLU")
    with (
        pytest.raises(OrderStoreUnavailable, match="nobody waits"),
        within(Deadline.after(0)),
    ):
        change(sql_world)
    order = sql_world.store.find_order(UNSHIPPED, customer_id=ANA)
    assert order.status is OrderStatus.AWAITING_SHIPPING
    assert sql_world.stock("P01-M-BLU") == before
    assert list(sql_world.audit(UNSHIPPED)) == []
    assert list(sql_world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_in_time_is_made(
    sql_world: SqlWorld, change: Callable[[SqlWorld], object]
) -> None:
    commits = _count_commits(sql_world.engine)
    with within(Deadline.after(60)):
        change(sql_world)
    assert len(commits) == 1


def test_without_one_a_call_may_take_any_time() -> None:
    assert current_deadline() is None


def test_of_two_deadlines_the_earlier_counts() -> None:
    soon, later = Deadline.after(1), Deadline.after(100)
    with within(later) as outer:
        with within(soon) as inner:
            assert inner == current_deadline() == soon
        assert outer == current_deadline() == later
        with within(Deadline.after(1000)) as inner:
            assert inner == later
    assert current_deadline() is None


def test_it_ends_with_the_call_that_fails() -> None:
    with pytest.raises(KeyError), within(Deadline.after(1)):
        raise KeyError
    assert current_deadline() is None


def test_what_is_left_of_one_that_has_passed_is_nothing() -> None:
    assert Deadline.after(-1).remaining_s < 0


def _count_commits(engine: Engine) -> list[object]:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    return commits
