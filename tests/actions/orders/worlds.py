"""Order stores under test, each with a view behind its counter."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Engine, insert, select, update

from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.model import AuditEntry, OrderStatus, SellerMessage
from actions.orders.sql_schema import order_audit, orders, seller_messages, variants
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStore

NOW: Final = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


class World(Protocol):
    """A store with what only its tests may see and do."""

    store: OrderStore
    clock: ManualClock

    def stock(self, sku: str) -> int: ...

    def audit(self, number: str) -> Sequence[AuditEntry]: ...

    def set_status(self, number: str, status: OrderStatus) -> None:
        """Change the status as the shop's own system does."""

    def seller_writes(self, number: str, text: str) -> None: ...


class FakeWorld:
    def __init__(self, store: InMemoryOrderStore, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        self._fake = store

    def stock(self, sku: str) -> int:
        return self._fake.stock[sku]

    def audit(self, number: str) -> Sequence[AuditEntry]:
        return [entry for entry in self._fake.audit if entry.order_number == number]

    def set_status(self, number: str, status: OrderStatus) -> None:
        self._fake.orders[number] = replace(self._fake.orders[number], status=status)

    def seller_writes(self, number: str, text: str) -> None:
        message = SellerMessage("from-seller", number, "seller", text, self.clock())
        self._fake.messages.append(message)


class SqlWorld:
    def __init__(self, engine: Engine, clock: ManualClock) -> None:
        self.engine = engine
        self.store: OrderStore = SqlOrderStore(engine, clock=clock)
        self.clock = clock

    def stock(self, sku: str) -> int:
        with self.engine.connect() as connection:
            query = select(variants.c.stock).where(variants.c.sku == sku)
            return int(connection.execute(query).scalar_one())

    def audit(self, number: str) -> Sequence[AuditEntry]:
        query = select(order_audit).where(order_audit.c.order_number == number)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(order_audit.c.id)).mappings().all()
        return [_audit_entry({**row}) for row in rows]

    def set_status(self, number: str, status: OrderStatus) -> None:
        self.change_order(number, status=status.value)

    def ship(self, number: str) -> bool:
        """Ship the order unless it was cancelled; tell whether it was shipped."""
        statement = (
            update(orders)
            .where(orders.c.number == number, orders.c.status == OrderStatus.AWAITING_SHIPPING)
            .values(status=OrderStatus.AWAITING_DELIVERY)
        )
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def change_order(self, number: str, **columns: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(orders).where(orders.c.number == number).values(**columns))

    def seller_writes(self, number: str, text: str) -> None:
        owner = select(orders.c.customer_id).where(orders.c.number == number).scalar_subquery()
        with self.engine.begin() as connection:
            connection.execute(
                insert(seller_messages).values(
                    order_number=number,
                    customer_id=owner,
                    author="seller",
                    text=text,
                    sent_at=self.clock(),
                )
            )


class HttpWorld(SqlWorld):
    """The shop's own system: what the bot sees over HTTP, and the database behind its counter."""

    def __init__(self, engine: Engine, clock: ManualClock, store: OrderStore) -> None:
        super().__init__(engine, clock)
        self.store = store


def _audit_entry(row: dict[str, object]) -> AuditEntry:
    row.pop("id")
    row["from_status"] = OrderStatus(str(row["from_status"]))
    row["to_status"] = OrderStatus(str(row["to_status"]))
    return AuditEntry(**row)  # type: ignore[arg-type]  # columns and fields have the same names
