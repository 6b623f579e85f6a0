"""The foreign shop as a world of the contract tests."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from actions.orders.http_store import HttpOrderStore
from actions.orders.http_transport import CALL_DEADLINE_S, HttpTransport
from actions.orders.model import AuditEntry, OrderStatus
from tests.actions.orders.worlds import ManualClock
from tests.foreign_shop.serving import TOKEN, set_clock
from tests.foreign_shop.staff import Staff

STATUSES: Final = {
    OrderStatus.AWAITING_PAYMENT: "Pending",
    OrderStatus.AWAITING_SHIPPING: "Being processed",
    OrderStatus.AWAITING_DELIVERY: "Shipped",
    OrderStatus.COMPLETED: "Complete",
    OrderStatus.CANCELLED: "Cancelled",
}

# What the contract tests ask for and Oscar cannot do, each with the reason. It must fail: one that
# passes fails the run, so that no line here outlives its reason.
DOES_NOT_APPLY: Final[Mapping[str, str]] = {
    "test_every_order_of_the_shop_is_found_exactly_as_it_is": (
        "Oscar's addresses have no name such as Home; test_orders.py compares all else"
    ),
    "test_saved_addresses_come_with_the_default_one_first": (
        "Oscar's addresses have no name such as Home; test_orders.py compares all else"
    ),
}


class SharedClock(ManualClock):
    """A clock that the shop's process reads too."""

    def __init__(self, now: datetime, state: Path) -> None:
        super().__init__(now)
        self._state = state
        set_clock(state, now)

    def advance(self, by: timedelta) -> None:
        super().advance(by)
        set_clock(self._state, self.now)


class OscarWorld:
    does_not_apply: Final = DOES_NOT_APPLY

    def __init__(
        self,
        address: str,
        engine: Engine,
        clock: ManualClock,
        *,
        deadline_s: float = CALL_DEADLINE_S,
    ) -> None:
        """Look at the shop at this address; `engine` opens its database."""
        self.address = address
        self.store = HttpOrderStore(
            HttpTransport(f"{address}/bot-api", TOKEN, deadline_s=deadline_s)
        )
        self.clock = clock
        self.staff = Staff(address)
        self.engine = engine

    def stock(self, sku: str) -> int:
        query = (
            "SELECT num_in_stock - COALESCE(num_allocated, 0) FROM partner_stockrecord"
            " WHERE partner_sku = :sku"
        )
        return self._one(query, sku=sku)

    def in_warehouse(self, sku: str) -> int:
        """Tell how many lie there, those that orders hold included."""
        return self._one(
            "SELECT num_in_stock FROM partner_stockrecord WHERE partner_sku = :sku", sku=sku
        )

    def audit(self, number: str) -> Sequence[AuditEntry]:
        query = (
            "SELECT number AS order_number, actor, at, action, from_status, to_status, detail,"
            " idempotency_key FROM order_store_auditentry entry"
            " JOIN order_order ON order_order.id = entry.order_id"
            " WHERE number = :number ORDER BY entry.id"
        )
        with self.engine.connect() as connection:
            rows = connection.execute(text(query), {"number": number}).mappings().all()
        return [_audit_entry({**row}) for row in rows]

    def set_status(self, number: str, status: OrderStatus) -> None:
        self.staff.change_status(number, STATUSES[status])

    def status_in_oscar(self, number: str) -> str:
        with self.engine.connect() as connection:
            query = text("SELECT status FROM order_order WHERE number = :number")
            return str(connection.execute(query, {"number": number}).scalar_one())

    def seller_writes(self, number: str, text: str) -> None:
        order_pk = self._one("SELECT id FROM order_order WHERE number = :number", number=number)
        self.staff.write_to_shopper(order_pk, text)

    def change(self, statement: str, **values: object) -> None:
        """Change the shop's database behind its back."""
        with self.engine.begin() as connection:
            assert connection.execute(text(statement), values).rowcount > 0, statement

    def close(self) -> None:
        self.store.close()
        self.staff.close()
        self.engine.dispose()

    def _one(self, query: str, **values: object) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(query), values).scalar_one())


def _audit_entry(row: dict[str, object]) -> AuditEntry:
    if isinstance(row["at"], str):  # SQLite keeps instants as text, in UTC
        row["at"] = datetime.fromisoformat(f"{row['at']}+00:00")
    row["from_status"] = OrderStatus(str(row["from_status"]))
    row["to_status"] = OrderStatus(str(row["to_status"]))
    return AuditEntry(**row)  # type: ignore[arg-type]  # columns and fields have the same names
