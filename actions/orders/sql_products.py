"""Reading the products of the shop with one statement, one row a variant."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import select

from actions.orders.model import Product, make_product
from actions.orders.sql_orders import AnyRow
from actions.orders.sql_schema import products, variants
from actions.orders.store import OrderUnreadable

PRODUCTS: Final = (
    select(products.c.id, products.c.title, variants.c.sku, variants.c.attributes)
    .outerjoin_from(products, variants, variants.c.product_id == products.c.id)
    .order_by(products.c.id)
)


def read_products(rows: Iterable[AnyRow]) -> list[Product]:
    """Make the products that these rows belong to, by id whatever the database sorts by.

    Raises:
        OrderUnreadable: A variant's attributes are not texts by name.
    """
    found = []
    for product_id, group in groupby(rows, key=attrgetter("id")):
        members = list(group)
        variants_of_it = [read_attributes(row) for row in members if row.sku is not None]
        found.append(make_product(product_id, members[0].title, variants_of_it))
    return sorted(found, key=attrgetter("id"))


def read_attributes(row: AnyRow) -> Mapping[str, str]:
    """Give the attributes of a variant's row.

    Raises:
        OrderUnreadable: They are not texts by name.
    """
    attributes = row.attributes
    if not isinstance(attributes, dict):
        raise OrderUnreadable(f"variant {row.sku}: its attributes are no JSON object")
    for name, value in attributes.items():
        if not isinstance(value, str):
            raise OrderUnreadable(f"variant {row.sku}: its {name} is no text; write it in quotes")
    return attributes
