"""Reading what decides whether a customer can order a product, one statement for each fact."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Final

from sqlalchemy import Connection, bindparam, exists, func, select

from actions.orders.model import (
    Address,
    OrderStatus,
    ProductStock,
    Purchase,
    VariantStock,
)
from actions.orders.sql_products import read_attributes
from actions.orders.sql_schema import customer_addresses, order_items, orders, products, variants

_PRODUCT: Final = (
    select(
        products.c.id,
        products.c.title,
        products.c.listed,
        variants.c.sku,
        variants.c.attributes,
        variants.c.stock,
    )
    .outerjoin_from(products, variants, variants.c.product_id == products.c.id)
    .where(func.lower(products.c.title) == func.lower(bindparam("title")))
    .order_by(products.c.listed.desc(), products.c.id, variants.c.sku)
)
_RECENT_PURCHASES: Final = (
    select(orders.c.number, orders.c.placed_at)
    .where(
        orders.c.customer_id == bindparam("customer_id"),
        orders.c.placed_at > bindparam("since"),
        orders.c.status != OrderStatus.CANCELLED.value,
        exists().where(
            order_items.c.order_number == orders.c.number,
            order_items.c.product_id == bindparam("product_id"),
        ),
    )
    .order_by(orders.c.placed_at.desc(), orders.c.number.desc())
)
_ADDRESSES: Final = (
    select(
        *customer_addresses.c[
            "label", "recipient", "line1", "city", "region", "postal_code", "country"
        ]
    )
    .where(customer_addresses.c.customer_id == bindparam("customer_id"))
    .order_by(customer_addresses.c.is_default.desc(), customer_addresses.c.label)
)


def read_product(connection: Connection, title: str) -> ProductStock | None:
    """Find a product by its title; of several of the same title, one that is listed.

    Raises:
        OrderUnreadable: A variant's attributes are not texts by name.
    """
    rows = connection.execute(_PRODUCT, {"title": title.strip()}).all()
    if not rows:
        return None
    first = rows[0]
    of_it = [row for row in takewhile(lambda row: row.id == first.id, rows) if row.sku is not None]
    stocked = tuple(VariantStock(read_attributes(row), row.stock) for row in of_it)
    return ProductStock(first.id, first.title, first.listed, stocked)


def read_recent_purchases(
    connection: Connection, product_id: str, customer_id: str, since: datetime
) -> tuple[Purchase, ...]:
    """Find the customer's orders since then that hold the product and are not cancelled."""
    values = {"customer_id": customer_id, "product_id": product_id, "since": since}
    return tuple(
        Purchase(row.number, row.placed_at) for row in connection.execute(_RECENT_PURCHASES, values)
    )


def read_addresses(connection: Connection, customer_id: str) -> Sequence[Address]:
    """Find the customer's saved addresses, the default one first."""
    rows = connection.execute(_ADDRESSES, {"customer_id": customer_id})
    return [Address(*row) for row in rows]
