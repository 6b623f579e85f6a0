from pathlib import Path

import pytest

from actions.orders.sql_engine import open_engine
from actions.orders.sql_store import SqlOrderStore
from tests.benchmarks.many_orders import ORDERS_PER_CUSTOMER, make_orders
from tests.benchmarks.order_lookups import LOOK_UP_KINDS, LookUps, measure_order_look_ups
from tests.benchmarks.report import Figures, look_up_budgets
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.timing import Summary


def test_every_look_up_on_both_databases_finds_what_it_looks_for(tmp_path: Path) -> None:
    measured = measure_order_look_ups(tmp_path, tell=lambda _: None, orders=3_000, look_ups=20)

    assert {(one.database, one.kind) for one in measured} == {
        (database, kind) for database in ("SQLite", "PostgreSQL") for kind in LOOK_UP_KINDS
    }
    assert [one.few.wrong + one.many.wrong for one in measured] == [0] * len(measured)


def test_a_made_up_order_is_whole_and_its_customer_has_others(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
    made = make_orders(engine, 2_000)
    store = SqlOrderStore(engine)

    order = store.find_order(made.number(1_234), customer_id=made.customer(1_234))
    others = store.list_orders(made.customer(1_234), limit=100)

    assert order.customer_email == made.email(1_234)
    assert [item.title for item in order.items] == [made.product(1_234)]
    assert order.address is not None
    assert len(others) == ORDERS_PER_CUSTOMER
    engine.dispose()


@pytest.mark.parametrize(("many_ms", "met"), [(0.14, True), (0.16, False)])
def test_many_orders_are_held_against_few(many_ms: float, *, met: bool) -> None:
    turn = Summary(1, 1.0, 1.0)
    one = LookUps("SQLite", "by number", Summary(1, 0.1, 0.1), Summary(1, many_ms, 1.0), 5_000_000)
    (budget,) = look_up_budgets(Figures(Rounds(turn, {}), turn, turn, look_ups=(one,)))

    assert budget.name == "SQLite, by number: 5,000,000 orders against 1,000"
    assert budget.met is met
