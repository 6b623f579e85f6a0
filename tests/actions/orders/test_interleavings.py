"""Whatever shopper and seller do at the same time, orders, stock and audit add up."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.orders.demo_shop import load_demo_shop
from actions.orders.model import OrderStatus
from actions.orders.store import OrderNotCancellable
from tests.actions.orders.worlds import NOW, SqlWorld

ANA, NUMBER, SKU = "C100", "8100240002", "P01-M-BLU"


@dataclass(frozen=True)
class Cancel:
    key: str


@dataclass(frozen=True)
class Ship:
    pass


Step = Cancel | Ship
STEPS = st.one_of(st.builds(Cancel, st.sampled_from(["a", "b", "c"])), st.just(Ship()))
LANES = st.lists(st.lists(STEPS, min_size=1, max_size=3), min_size=2, max_size=3)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example resets the shop
)
@given(lanes=LANES)
def test_an_order_is_cancelled_once_or_shipped_and_its_stock_follows(
    sql_world: SqlWorld, lanes: list[list[Step]]
) -> None:
    load_demo_shop(sql_world.engine, now=NOW, reset=True)
    stock_before = sql_world.stock(SKU)

    winners = run_at_once(sql_world, lanes)

    status = sql_world.store.find_order(NUMBER, customer_id=ANA).status
    cancellations = 1 if status is OrderStatus.CANCELLED else 0
    assert len(winners) == 1
    assert sql_world.stock(SKU) == stock_before + cancellations
    assert [entry.idempotency_key for entry in sql_world.audit(NUMBER)] == [
        winner.key for winner in winners if isinstance(winner, Cancel)
    ]


def run_at_once(world: SqlWorld, lanes: list[list[Step]]) -> set[Step]:
    """Run each lane in a thread of its own; give the steps that changed the order."""
    start = Barrier(len(lanes))

    def run(lane: list[Step]) -> set[Step]:
        start.wait(timeout=10)
        return {step for step in lane if happens(world, step)}

    with ThreadPoolExecutor(len(lanes)) as threads:
        return set().union(*threads.map(run, lanes))


def happens(world: SqlWorld, step: Step) -> bool:
    if isinstance(step, Ship):
        return world.ship(NUMBER)
    try:
        return world.store.cancel_order(
            NUMBER,
            customer_id=ANA,
            expected_status=OrderStatus.AWAITING_SHIPPING,
            idempotency_key=step.key,
        ).happened_now
    except OrderNotCancellable:
        return False
