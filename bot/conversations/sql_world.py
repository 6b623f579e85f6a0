"""The demo shop in an SQL database, as the world around a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from actions.orders.demo_shop import load_demo_shop
from actions.orders.model import OrderStatus
from actions.orders.sql_schema import order_audit, orders, seller_messages, variants
from actions.orders.store import Clock
from bot.conversations.format import OrderHolds, SellerShips, SellerWrites, StoreHolds
from bot.conversations.placeholders import read_duration
from bot.conversations.world import StepImpossible


class SqlWorld:
    """A `World` on an order database with the newest tables."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.loaded_at = clock()

    def reset(self) -> None:
        """Put the demo shop back as its file says, with its hours counted from now."""
        self.loaded_at = self._clock()
        load_demo_shop(self._engine, now=self.loaded_at, reset=True)

    def seller_ships(self, step: SellerShips) -> None:
        now = self._clock()
        self._move(
            step.seller_ships,
            OrderStatus.AWAITING_SHIPPING,
            status=OrderStatus.AWAITING_DELIVERY.value,
            carrier=step.carrier,
            tracking_number=step.tracking_number,
            shipped_at=now,
            expected_at=now + read_duration(step.expected),
        )

    def shop_delivers(self, number: str) -> None:
        self._move(
            number,
            OrderStatus.AWAITING_DELIVERY,
            status=OrderStatus.COMPLETED.value,
            delivered_at=self._clock(),
        )

    def shop_cancels(self, number: str) -> None:
        now = self._clock()
        with self._engine.begin() as connection:
            connection.execute(
                update(orders)
                .where(orders.c.number == number)
                .values(status=OrderStatus.CANCELLED.value, cancelled_at=now)
            )

    def seller_writes(self, step: SellerWrites) -> None:
        owner = select(orders.c.customer_id).where(orders.c.number == step.order)
        with self._engine.begin() as connection:
            customer_id = connection.execute(owner).scalar()
            if customer_id is None:
                raise StepImpossible(f"there is no order {step.order}")
            row = {
                "order_number": step.order,
                "customer_id": customer_id,
                "author": "seller",
                "text": step.seller_writes,
                "sent_at": self._clock(),
            }
            connection.execute(insert(seller_messages), row)

    def differences(self, step: StoreHolds) -> list[str]:
        facts, stock = self.facts(), self.stock()
        found: list[str] = []
        for number, expected in step.orders.items():
            if number not in facts:
                found.append(f"expected an order {number} in the store, which has none")
            else:
                found += _differences(number, expected, facts[number])
        for sku, count in step.stock.items():
            if stock.get(sku) != count:
                found.append(f"expected a stock of {count} of {sku}, got {stock.get(sku)}")
        return found

    def facts(self) -> dict[str, OrderHolds]:
        """Give what the store holds about each order."""
        audits = select(order_audit.c.order_number, func.count()).group_by(
            order_audit.c.order_number
        )
        written = select(*seller_messages.c["order_number", "author", "text"]).order_by(
            seller_messages.c.sent_at, seller_messages.c.id
        )
        messages: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            rows = connection.execute(select(*orders.c["number", "status", "cancel_reason"])).all()
            counts = {row[0]: row[1] for row in connection.execute(audits)}
            for number, author, text in connection.execute(written):
                messages.setdefault(number, []).append(f"{author}: {text}")
        return {
            number: OrderHolds(
                status=status,
                reason=reason or "",
                audit=counts.get(number, 0),
                messages=tuple(messages.get(number, ())),
            )
            for number, status, reason in rows
        }

    def instants(self) -> set[datetime]:
        """Give every instant that an order tells of."""
        columns = ("placed_at", "shipped_at", "expected_at", "delivered_at", "cancelled_at")
        with self._engine.connect() as connection:
            rows = connection.execute(select(*orders.c[columns])).all()
        return {instant for row in rows for instant in row if instant is not None}

    def stock(self) -> dict[str, int]:
        """Give how many of each variant there are."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(variants.c.sku, variants.c.stock))
            return {row.sku: row.stock for row in rows}

    def _move(self, number: str, before: OrderStatus, **values: Any) -> None:
        """Change an order's status on condition, as whatever else changes it must."""
        change = update(orders).where(orders.c.number == number, orders.c.status == before.value)
        with self._engine.begin() as connection:
            if connection.execute(change.values(**values)).rowcount != 1:
                raise StepImpossible(f"order {number} is not {before.value}")


def _differences(number: str, expected: OrderHolds, got: OrderHolds) -> Iterator[str]:
    held: Mapping[str, Any] = got.model_dump()
    for name, value in expected.model_dump(exclude_none=True).items():
        if held[name] != value:
            yield f"expected {name} of order {number} to be {value!r}, got {held[name]!r}"
