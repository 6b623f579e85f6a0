from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from actions.orders.deadline import awaited_for, require_somebody_waits
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
    with pytest.raises(OrderStoreUnavailable):
        awaited_for(0, require_somebody_waits)()
    require_somebody_waits()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_comes_through_too_late_is_not_made(
    sql_world: SqlWorld, change: Callable[[SqlWorld], object]
) -> None:
    before = sql_world.stock("P01-M-BLU")
    with pytest.raises(OrderStoreUnavailable, match="nobody waits"):
        awaited_for(0, lambda: change(sql_world))()
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
    awaited_for(60, lambda: change(sql_world))()
    assert len(commits) == 1


def _count_commits(engine: Engine) -> list[object]:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    return commits
