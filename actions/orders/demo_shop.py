"""Loading a shop file into the order database, for demos and tests.

Loading adds what is missing and leaves the rest as it is. Resetting puts every row of the file back
and removes what was added to its orders and customers since; rows are changed in place, never
deleted and inserted again, so that a bot that runs meanwhile always finds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Table, delete, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from actions.orders.model import Order, Shipment, normalise_email
from actions.orders.shop_file import Customer, Product, Shop, read_shop
from actions.orders.sql_engine import translated_errors
from actions.orders.sql_schema import (
    customer_addresses,
    customers,
    order_audit,
    order_items,
    orders,
    products,
    seller_messages,
    sellers,
    variants,
)

DEMO_SHOP_PATH: Final = Path(__file__).parents[2] / "data" / "demo_shop.json"

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did, and how much the loaded file holds."""

    outcome: Literal["loaded", "kept", "reset"]
    sellers: int
    products: int
    customers: int
    orders: int


def load_demo_shop(
    engine: Engine, path: Path = DEMO_SHOP_PATH, *, now: datetime, reset: bool = False
) -> LoadReport:
    """Load a shop file in one transaction; a shop that is loaded already is kept, or put back.

    Raises:
        ShopFileError: The file is missing or does not describe a shop.
        OrderStoreUnavailable: The database cannot be reached, or its tables are not there yet.
    """
    shop = read_shop(path, now=now)
    with translated_errors(), engine.begin() as connection:
        if reset:
            _put_back(connection, shop)
            return _report("reset", shop)
        is_new = _add_missing(connection, shop)
        return _report("loaded" if is_new else "kept", shop)


def _report(outcome: Literal["loaded", "kept", "reset"], shop: Shop) -> LoadReport:
    return LoadReport(
        outcome=outcome,
        sellers=len(shop.sellers),
        products=len(shop.products),
        customers=len(shop.customers),
        orders=len(shop.orders),
    )


def _add_missing(connection: Connection, shop: Shop) -> bool:
    """Insert the rows that are not there yet; tell whether any order was among them."""
    numbers = [order.number for order in shop.orders]
    known = connection.execute(
        select(func.count()).where(orders.c.number.in_(numbers))
    ).scalar_one()
    for table, rows in _rows(shop):
        if rows:
            connection.execute(_insert(table, connection).on_conflict_do_nothing(), rows)
    return known < len(numbers)


def _put_back(connection: Connection, shop: Shop) -> None:
    """Write every row of the file over what is there, and remove what was added since.

    Orders are locked before variants, and both sorted, as cancelling does: the two may run at once
    and wait for each other, but never in a circle.
    """
    existing = _lock_orders(connection, shop)
    for table, rows in _rows(shop):
        if rows:
            connection.execute(_upsert(table, connection), rows)
    _remove_additions(connection, shop, existing)


def _lock_orders(connection: Connection, shop: Shop) -> set[str]:
    belongs = or_(
        orders.c.number.in_([order.number for order in shop.orders]),
        orders.c.customer_id.in_([customer.id for customer in shop.customers]),
    )
    numbers = select(orders.c.number).where(belongs).order_by(orders.c.number)
    return set(connection.execute(numbers.with_for_update(key_share=True)).scalars())


def _remove_additions(connection: Connection, shop: Shop, existing: set[str]) -> None:
    described = {order.number for order in shop.orders}
    added = existing - described
    for table in (order_audit, seller_messages):
        connection.execute(delete(table).where(table.c.order_number.in_(existing | described)))
    _keep_only(connection, order_items, "order_number", existing, _item_rows(shop))
    _keep_only(
        connection,
        customer_addresses,
        "customer_id",
        {customer.id for customer in shop.customers},
        _address_rows(shop),
    )
    connection.execute(delete(orders).where(orders.c.number.in_(added)))


def _keep_only(
    connection: Connection, table: Table, owner: str, owners: set[str], rows: Sequence[_Row]
) -> None:
    """Delete rows of these owners whose primary key is not among `rows`."""
    key = tuple_(*table.primary_key.columns)
    kept = [tuple(row[column.name] for column in table.primary_key.columns) for row in rows]
    connection.execute(delete(table).where(table.c[owner].in_(owners), key.not_in(kept)))


def _insert(table: Table, connection: Connection) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _upsert(table: Table, connection: Connection) -> postgresql.Insert | sqlite.Insert:
    statement = _insert(table, connection)
    changes = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=changes)


def _rows(shop: Shop) -> Sequence[tuple[Table, Sequence[_Row]]]:
    """Give the rows of each table, tables in the order in which they refer to each other."""
    return (
        (sellers, [asdict(seller) for seller in shop.sellers]),
        (customers, [_customer_row(customer) for customer in shop.customers]),
        (customer_addresses, _address_rows(shop)),
        (orders, [_order_row(order) for order in shop.orders]),
        (order_items, _item_rows(shop)),
        (products, [_product_row(product) for product in shop.products]),
        (variants, _variant_rows(shop)),
    )


def _customer_row(customer: Customer) -> _Row:
    return {"id": customer.id, "name": customer.name, "email": customer.email}


def _address_rows(shop: Shop) -> list[_Row]:
    return [
        {
            "customer_id": customer.id,
            **asdict(address),
            "is_default": address.label == customer.default_address,
        }
        for customer in shop.customers
        for address in customer.addresses
    ]


def _order_row(order: Order) -> _Row:
    return {
        "number": order.number,
        "customer_id": order.customer_id,
        "seller_id": order.seller.id,
        "email": order.customer_email,
        "email_key": normalise_email(order.customer_email),
        "status": order.status.value,
        "placed_at": order.placed_at,
        "shipping_minor": order.shipping_minor,
        "total_minor": order.total_minor,
        "currency": order.currency,
        "address": None if order.address is None else asdict(order.address),
        "payment": order.payment,
        "cancelled_at": order.cancelled_at,
        "cancel_reason": order.cancel_reason,
        **_shipment_columns(order.shipment),
    }


def _shipment_columns(shipment: Shipment | None) -> _Row:
    if shipment is None:
        return dict.fromkeys(field.name for field in fields(Shipment))
    return asdict(shipment)


def _item_rows(shop: Shop) -> list[_Row]:
    return [
        {"order_number": order.number, "position": position, **asdict(item)}
        for order in shop.orders
        for position, item in enumerate(order.items)
    ]


def _product_row(product: Product) -> _Row:
    return {
        "id": product.id,
        "seller_id": product.seller_id,
        "title": product.title,
        "listed": product.listed,
        "currency": product.currency,
    }


def _variant_rows(shop: Shop) -> list[_Row]:
    rows = [
        {"product_id": product.id, **asdict(variant)}
        for product in shop.products
        for variant in product.variants
    ]
    return sorted(rows, key=itemgetter("sku"))
