"""A shop with as many orders as wanted, made inside the database by one statement a table.

Order `i` has the number 8100000000 + i and belongs to customer `i * 7919 % customers`, so that the
orders of one customer lie scattered over the table as they do in a shop that has grown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, text

from actions.orders.migrations import upgrade_schema
from actions.orders.sql_schema import metadata

ORDERS_PER_CUSTOMER: Final = 5
SELLERS, PRODUCTS = 40, 1_000
FIRST_NUMBER: Final = 8_100_000_000
_SCATTER: Final = 7919  # prime, so that every customer gets a turn

# What differs between the databases: a row for each i below :count, and i steps of 19 s in time.
_ROWS: Final = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
    " WHERE i + 1 < :count) SELECT i FROM n) AS n",
    "postgresql": "generate_series(0, :count - 1) AS n(i)",
}
_INSTANT: Final = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', '2023-11-25', '+' || (i * 19) || ' seconds')",
    "postgresql": "timestamptz '2023-11-25 00:00+00' + i * interval '19 seconds'",
}
_STATUS: Final = (
    "CASE i % 10 WHEN 0 THEN 'awaiting_payment' WHEN 1 THEN 'awaiting_shipping'"
    " WHEN 2 THEN 'awaiting_delivery' WHEN 3 THEN 'cancelled' ELSE 'completed' END"
)
_ADDRESS: Final = (
    '{"label": "Home", "recipient": "Kim Doe", "line1": "12 Alder Street", "city": "Portland",'
    ' "region": "OR", "postal_code": "97205", "country": "US"}'
)


@dataclass(frozen=True)
class ManyOrders:
    """Which orders there are, told without asking the database."""

    orders: int

    @property
    def customers(self) -> int:
        """How many customers the orders belong to."""
        return max(1, self.orders // ORDERS_PER_CUSTOMER)

    def number(self, i: int) -> str:
        """Name order `i`."""
        return str(FIRST_NUMBER + i)

    def customer(self, i: int) -> str:
        """Name the customer of order `i`."""
        return f"C{i * _SCATTER % self.customers}"

    def email(self, i: int) -> str:
        """Give the e-mail address used for order `i`."""
        return f"{self.customer(i).lower()}@example.com"

    def product(self, i: int) -> str:
        """Give the title of the product in order `i`."""
        return f"Product {i % PRODUCTS}"


def make_orders(engine: Engine, orders: int) -> ManyOrders:
    """Fill an empty order database; five million orders take some minutes."""
    upgrade_schema(engine)
    made = ManyOrders(orders)
    with _loading(engine) as connection:
        for count, statement in _statements(engine.dialect.name, made):
            connection.execute(text(statement), {"count": count})
    return made


def _statements(dialect: str, made: ManyOrders) -> Iterator[tuple[int, str]]:
    rows, instant = _ROWS[dialect], _INSTANT[dialect]
    customer = f"'C' || (CAST(i AS BIGINT) * {_SCATTER} % {made.customers})"
    email = customer.replace("'C'", "'c'") + " || '@example.com'"
    number = f"CAST({FIRST_NUMBER} + i AS TEXT)"
    sku = f"'S' || (i % {PRODUCTS})"
    yield (
        SELLERS,
        "INSERT INTO shop_sellers (id, name, country, reply_hours, rating)"
        f" SELECT 'V' || i, 'Seller ' || i, 'US', 24, 4.5 FROM {rows}",
    )
    yield (
        PRODUCTS,
        "INSERT INTO shop_products (id, seller_id, title, listed, currency)"
        f" SELECT 'P' || i, 'V' || (i % {SELLERS}), 'Product ' || i, true, 'USD' FROM {rows}",
    )
    yield (
        PRODUCTS,
        "INSERT INTO shop_variants (sku, product_id, attributes, price_minor, stock)"
        f" SELECT 'S' || i, 'P' || i, '{{\"color\": \"Blue\"}}', 1999, 10 FROM {rows}",
    )
    yield (
        made.customers,
        "INSERT INTO shop_customers (id, name, email)"
        f" SELECT 'C' || i, 'Customer ' || i, 'c' || i || '@example.com' FROM {rows}",
    )
    yield (
        made.orders,
        "INSERT INTO shop_orders (number, customer_id, seller_id, email, email_key, status,"
        " placed_at, shipping_minor, total_minor, currency, address, payment)"
        f" SELECT {number}, {customer}, 'V' || (i % {SELLERS}), {email}, {email}, {_STATUS},"
        f" {instant}, 499, 2498,"
        f" 'USD', '{_ADDRESS}', 'Visa ending 4242' FROM {rows}",
    )
    yield (
        made.orders,
        "INSERT INTO shop_order_items (order_number, position, sku, product_id, title, attributes,"
        " quantity, unit_price_minor)"
        f" SELECT {number}, 0, {sku}, 'P' || (i % {PRODUCTS}), 'Product ' || (i % {PRODUCTS}),"
        f' \'{{"color": "Blue"}}\', 1, 1999 FROM {rows}',
    )


@contextmanager
def _loading(engine: Engine) -> Iterator[Connection]:
    """A transaction without time-outs, checks and the index that random inserts would slow down."""
    customer_index = next(
        index
        for index in metadata.tables["shop_orders"].indexes
        if index.name == "ix_shop_orders_customer"
    )
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for setting in ("statement_timeout = 0", "session_replication_role = replica"):
                connection.execute(text(f"SET LOCAL {setting}"))
        customer_index.drop(connection)
        yield connection
        customer_index.create(connection)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("RESET statement_timeout"))
