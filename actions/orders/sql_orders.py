"""Reading orders with one statement each, and turning the rows into `Order` values.

An order comes with its seller, customer and items in one joined statement, one row an item. The
statements are built once, so that SQLAlchemy compiles each of them once.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from actions.orders.model import (
    Address,
    Order,
    OrderItem,
    OrderStatus,
    Seller,
    Shipment,
)
from actions.orders.sql_schema import customers, order_items, orders, sellers
from actions.orders.store import OrderUnreadable

logger = logging.getLogger(__name__)

AnyRow = Row[*tuple[Any, ...]]

_ORDER_ROWS: Final[Select[*tuple[Any, ...]]] = (
    select(
        orders.c.number,
        orders.c.customer_id,
        customers.c.name.label("customer_name"),
        orders.c.email,
        orders.c.seller_id,
        sellers.c.name.label("seller_name"),
        sellers.c.country.label("seller_country"),
        sellers.c.reply_hours,
        sellers.c.rating,
        orders.c.status,
        orders.c.placed_at,
        orders.c.shipping_minor,
        orders.c.total_minor,
        orders.c.currency,
        orders.c.address,
        orders.c.payment,
        orders.c.carrier,
        orders.c.tracking_number,
        orders.c.shipped_at,
        orders.c.expected_at,
        orders.c.delivered_at,
        orders.c.cancelled_at,
        orders.c.cancel_reason,
        order_items.c.sku,
        order_items.c.product_id,
        order_items.c.title,
        order_items.c.attributes,
        order_items.c.quantity,
        order_items.c.unit_price_minor,
    )
    .join_from(orders, customers, orders.c.customer_id == customers.c.id)
    .join(sellers, orders.c.seller_id == sellers.c.id)
    .outerjoin(order_items, order_items.c.order_number == orders.c.number)
)
_NEWEST_NUMBERS: Final = (
    select(orders.c.number)
    .where(orders.c.customer_id == bindparam("customer_id"))
    .order_by(orders.c.placed_at.desc(), orders.c.number.desc())
    .limit(bindparam("limit"))
)

CUSTOMER_ORDER: Final = _ORDER_ROWS.where(
    orders.c.number == bindparam("number"), orders.c.customer_id == bindparam("customer_id")
).order_by(order_items.c.position)
GUEST_ORDER: Final = _ORDER_ROWS.where(
    orders.c.number == bindparam("number"), orders.c.email_key == bindparam("email_key")
).order_by(order_items.c.position)
NEWEST_ORDERS: Final = _ORDER_ROWS.where(orders.c.number.in_(_NEWEST_NUMBERS)).order_by(
    orders.c.placed_at.desc(), orders.c.number.desc(), order_items.c.position
)


def read_order(rows: Sequence[AnyRow]) -> Order:
    """Make the order that these rows, at least one, belong to.

    Raises:
        OrderUnreadable: It holds something this version does not know.
    """
    row = rows[0]
    try:
        return Order(
            number=row.number,
            customer_id=row.customer_id,
            customer_name=row.customer_name,
            customer_email=row.email,
            seller=_seller(row),
            status=OrderStatus(row.status),
            placed_at=row.placed_at,
            items=tuple(_item(item) for item in rows if item.sku is not None),
            shipping_minor=_whole(row.shipping_minor, "shipping_minor"),
            total_minor=_whole(row.total_minor, "total_minor"),
            currency=row.currency,
            address=_address(row.address),
            payment=row.payment,
            shipment=_shipment(row),
            cancelled_at=row.cancelled_at,
            cancel_reason=row.cancel_reason,
        )
    except (ValueError, TypeError) as error:
        logger.error("order %s in the order database cannot be read: %s", row.number, error)
        reason = f"order {row.number}: {error}"
        raise OrderUnreadable(reason, order_number=row.number) from error


def read_orders(rows: Iterable[AnyRow]) -> list[Order]:
    """Make the orders that these rows belong to, leaving out (and logging) what is unreadable.

    Raises:
        OrderUnreadable: None of them can be read; an empty list would say that there are none.
    """
    found: list[Order] = []
    unreadable: list[OrderUnreadable] = []
    for _, group in groupby(rows, key=attrgetter("number")):
        try:
            found.append(read_order(list(group)))
        except OrderUnreadable as error:
            unreadable.append(error)  # one bad row must not hide the other orders
    if unreadable and not found:
        only_one = unreadable[0].order_number if len(unreadable) == 1 else None
        raise OrderUnreadable(str(unreadable[0]), order_number=only_one)
    return found


def _seller(row: AnyRow) -> Seller:
    return Seller(
        id=row.seller_id,
        name=row.seller_name,
        country=row.seller_country,
        reply_hours=row.reply_hours,
        rating=row.rating,
    )


def _item(row: AnyRow) -> OrderItem:
    return OrderItem(
        sku=row.sku,
        product_id=row.product_id,
        title=row.title,
        attributes=_texts(row.attributes, "attributes"),
        quantity=_whole(row.quantity, "quantity"),
        unit_price_minor=_whole(row.unit_price_minor, "unit_price_minor"),
    )


def _address(fields: object) -> Address | None:
    return None if fields is None else Address(**_texts(fields, "address"))


def _whole(value: object, name: str) -> int:
    """Take a whole number; SQLite keeps whatever was put into a column."""
    if not isinstance(value, int):
        raise ValueError(f"{name} is {value!r} and no whole number")
    return value


def _texts(value: object, name: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError(f"{name} are not texts by name")
    return value


def _shipment(row: AnyRow) -> Shipment | None:
    if row.carrier is None or row.tracking_number is None:
        return None
    return Shipment(
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        shipped_at=row.shipped_at,
        expected_at=row.expected_at,
        delivered_at=row.delivered_at,
    )
