"""Two open orders of one shopper that share their items, and what the shop does with them."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, delete, insert, update

from actions.orders.model import OrderStatus
from actions.orders.sql_schema import (
    order_audit,
    order_items,
    orders,
    seller_messages,
    variants,
)
from tests.actions.orders.worlds import SqlWorld

ANA: Final = "C100"
UNPAID, UNSHIPPED = "8100240001", "8100240002"
NUMBERS: Final = (UNPAID, UNSHIPPED)
STATUS_AT_FIRST: Final = {
    UNPAID: OrderStatus.AWAITING_PAYMENT,
    UNSHIPPED: OrderStatus.AWAITING_SHIPPING,
}
OPEN: Final = frozenset(STATUS_AT_FIRST.values())
STOCK_AT_FIRST: Final = 5
# Both orders hold both skus, in opposite order, and one of them twice.
_ITEMS: Final = {
    UNPAID: (("P10-FIG", 2), ("P01-M-BLU", 1), ("P10-FIG", 3)),
    UNSHIPPED: (("P01-M-BLU", 4), ("P10-FIG", 1)),
}


def fill_orders(world: SqlWorld) -> None:
    """Give the two orders of the demo shop their items."""
    with world.engine.begin() as connection:
        connection.execute(delete(order_items).where(order_items.c.order_number.in_(NUMBERS)))
        connection.execute(insert(order_items), list(_item_rows()))


def start_anew(world: SqlWorld) -> None:
    """Put back what an earlier example changed."""
    with world.engine.begin() as connection:
        for number, status in STATUS_AT_FIRST.items():
            fresh = {"status": status.value, "cancelled_at": None, "cancel_reason": None}
            connection.execute(update(orders).where(orders.c.number == number).values(fresh))
        connection.execute(delete(order_audit))
        connection.execute(delete(seller_messages))
        restocked = update(variants).where(variants.c.sku.in_(_all_contents()))
        connection.execute(restocked.values(stock=STOCK_AT_FIRST))


def shop_moves(world: SqlWorld, number: str, before: OrderStatus, after: OrderStatus) -> bool:
    """Move an order on as the shop's own system does; tell whether it was where it should be."""
    with world.engine.begin() as connection:
        return _change_status(connection, number, frozenset({before}), after)


def seller_cancels(world: SqlWorld, number: str) -> bool:
    """Cancel an open order in the shop's own system, which puts the stock back too."""
    with world.engine.begin() as connection:
        if not _change_status(connection, number, OPEN, OrderStatus.CANCELLED):
            return False
        _restock(connection, number, +1)
        return True


def shop_reopens(world: SqlWorld, number: str) -> bool:
    """Take a cancellation back as the shop's own system may, with the items off the shelf again."""
    with world.engine.begin() as connection:
        cancelled, reopened = OrderStatus.CANCELLED, OrderStatus.AWAITING_SHIPPING
        if not _change_status(connection, number, frozenset({cancelled}), reopened):
            return False
        fresh = {"cancelled_at": None, "cancel_reason": None}
        connection.execute(update(orders).where(orders.c.number == number).values(fresh))
        _restock(connection, number, -1)
        return True


def check_stock(world: SqlWorld) -> None:
    """Check that what cancelled orders held is back on the shelf, once."""
    expected = Counter(dict.fromkeys(_all_contents(), STOCK_AT_FIRST))
    for number in NUMBERS:
        if world.store.find_order(number, customer_id=ANA).status is OrderStatus.CANCELLED:
            expected += _contents(number)
    assert {sku: world.stock(sku) for sku in expected} == expected


def _change_status(
    connection: Connection, number: str, allowed: frozenset[OrderStatus], after: OrderStatus
) -> bool:
    change = update(orders).where(orders.c.number == number, orders.c.status.in_(allowed))
    return connection.execute(change.values(status=after.value)).rowcount == 1


def _restock(connection: Connection, number: str, sign: int) -> None:
    for sku, quantity in sorted(_contents(number).items()):
        stock = variants.c.stock + sign * quantity
        connection.execute(update(variants).where(variants.c.sku == sku).values(stock=stock))


def _contents(number: str) -> Counter[str]:
    contents: Counter[str] = Counter()
    for sku, quantity in _ITEMS[number]:
        contents[sku] += quantity
    return contents


def _all_contents() -> Counter[str]:
    return _contents(UNPAID) + _contents(UNSHIPPED)


def _item_rows() -> Iterator[dict[str, object]]:
    for number, items in _ITEMS.items():
        for position, (sku, quantity) in enumerate(items):
            yield {
                "order_number": number,
                "position": position,
                "sku": sku,
                "product_id": sku[:3],
                "title": "Anything",
                "attributes": {},
                "quantity": quantity,
                "unit_price_minor": 100,
            }
