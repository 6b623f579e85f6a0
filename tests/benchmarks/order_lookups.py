"""Look-ups among five million orders beside a thousand, on SQLite and PostgreSQL.

`make bench` runs it; `python -m tests.benchmarks.order_lookups` runs it alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, make_url, text

from actions.orders.sql_engine import open_engine
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStore
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.many_orders import ManyOrders, make_orders
from tests.benchmarks.rounds import Tell
from tests.benchmarks.timing import Summary, summarise

FEW, MANY = 1_000, 5_000_000
WARM_UP: Final = 200
LOOK_UPS: Final = 2_000
SEED: Final = 8_100_240_002
_DEFAULT_POSTGRES: Final = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

LookUp = Callable[[OrderStore, ManyOrders, int], object]


def _by_number(store: OrderStore, made: ManyOrders, i: int) -> object:
    return store.find_order(made.number(i), customer_id=made.customer(i)).number


def _by_customer(store: OrderStore, made: ManyOrders, i: int) -> object:
    found = store.list_orders(made.customer(i))
    return made.number(i) if made.number(i) in {order.number for order in found} else None


def _by_number_and_email(store: OrderStore, made: ManyOrders, i: int) -> object:
    return store.find_guest_order(made.number(i), email=made.email(i)).number


def _purchase_facts(store: OrderStore, made: ManyOrders, i: int) -> object:
    facts = store.purchase_facts(made.product(i), customer_id=made.customer(i))
    return made.number(i) if facts.product else None


# Each gives the number of the order that was looked for, so that a miss is seen.
LOOK_UP_KINDS: Final[Mapping[str, LookUp]] = {
    "by number": _by_number,
    "by customer": _by_customer,
    "by number and e-mail": _by_number_and_email,
    "purchase facts": _purchase_facts,
}


@dataclass(frozen=True)
class LookUps:
    """One kind of look-up on one database, among few orders and among many."""

    database: str
    kind: str
    few: Summary
    many: Summary
    orders: int

    @property
    def ratio(self) -> float:
        """Return the median among many against that among few."""
        return self.many.median_ms / self.few.median_ms

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the report holds them."""
        return {
            "database": self.database,
            "kind": self.kind,
            "orders": self.orders,
            "few": self.few.as_json(),
            "many": self.many.as_json(),
        }


def measure_order_look_ups(
    scratch: Path, *, tell: Tell, orders: int = MANY, look_ups: int = LOOK_UPS
) -> list[LookUps]:
    """Make the databases, look up orders at random, few and many in turns."""
    measured: list[LookUps] = []
    for database in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            shops = []
            for size in (FEW, orders):
                tell(f"{database}: making {size:,} orders")
                address = stack.enter_context(_new_database(database, scratch, size))
                shops.append(_open_shop(address, size, stack))
            for kind, look_up in LOOK_UP_KINDS.items():
                tell(f"{database}: looking up {kind}")
                few, many = _measure(shops, look_up, look_ups)
                measured.append(LookUps(database, kind, few, many, orders))
    return measured


def _open_shop(address: str, size: int, stack: ExitStack) -> tuple[OrderStore, ManyOrders]:
    engine = open_engine(address)
    stack.callback(engine.dispose)
    return SqlOrderStore(engine), make_orders(engine, size)


def _measure(
    shops: Sequence[tuple[OrderStore, ManyOrders]], look_up: LookUp, look_ups: int
) -> list[Summary]:
    durations: list[list[float]] = [[] for _ in shops]
    wrong = [0 for _ in shops]
    chance = random.Random(SEED)
    for turn in range(WARM_UP + look_ups):
        for index, (store, made) in enumerate(shops):
            wanted = chance.randrange(made.orders)
            began = time.perf_counter()
            found = look_up(store, made, wanted)
            took = time.perf_counter() - began
            wrong[index] += found != made.number(wanted)
            if turn >= WARM_UP:
                durations[index].append(took)
    return [summarise(each, wrong=misses) for each, misses in zip(durations, wrong, strict=True)]


@contextmanager
def _new_database(kind: str, scratch: Path, size: int) -> Iterator[str]:
    if kind == "SQLite":
        yield f"sqlite:///{scratch / f'orders-{size}.sqlite3'}"
        return
    server = make_url(os.environ.get("TEST_POSTGRES_URL", _DEFAULT_POSTGRES))
    name = f"bench_orders_{uuid.uuid4().hex[:8]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


def look_up_table(measured: Sequence[LookUps]) -> Table:
    """Lay the figures out for people."""
    table = Table(title="Looking up an order, in turns: median (p99) in ms")
    many = f"of {measured[0].orders:,}" if measured else "of many"
    for column in ("database", "look-up", f"of {FEW:,}", many, "ratio", "misses"):
        table.add_column(column, justify="left" if column in ("database", "look-up") else "right")
    for one in measured:
        table.add_row(
            one.database,
            one.kind,
            _milliseconds(one.few),
            _milliseconds(one.many),
            f"{one.ratio:.2f}",
            str(one.few.wrong + one.many.wrong),
        )
    return table


def _milliseconds(summary: Summary) -> str:
    return f"{summary.median_ms:.3f} ({summary.p99_ms:.3f})"


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.order_lookups", description=__doc__
    )
    parser.add_argument("--orders", type=int, default=MANY, help="how many are many")
    given = parser.parse_args(arguments)
    console = Console()
    console.print(describe_machine())
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        console.status("Starting") as status,
    ):
        measured = measure_order_look_ups(Path(folder), tell=status.update, orders=given.orders)
    console.print(look_up_table(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
