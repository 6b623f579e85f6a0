"""Tables of the SQL order store.

The names start with `shop_` so that the store may share a database with others. What an order
shows (titles, address, e-mail) is copied into it when it is placed, as shops do: a product that is
renamed later, or taken down, does not change it.
"""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    func,
)


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which knows no zones, holds it as UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts rows up by itself only in a column declared INTEGER.
_ROW_ID: Final = BigInteger().with_variant(Integer(), "sqlite")

sellers: Final = Table(
    "shop_sellers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("reply_hours", Integer, nullable=False),
    Column("rating", Float),
)

products: Final = Table(
    "shop_products",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seller_id", Text, ForeignKey("shop_sellers.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("currency", Text, nullable=False),
)
Index("ix_shop_products_title", func.lower(products.c.title))

variants: Final = Table(
    "shop_variants",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("product_id", Text, ForeignKey("shop_products.id"), nullable=False, index=True),
    Column("attributes", JSON, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("stock", Integer, nullable=False),
    CheckConstraint("stock >= 0", name="stock_not_negative"),
)

customers: Final = Table(
    "shop_customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
)

customer_addresses: Final = Table(
    "shop_customer_addresses",
    metadata,
    Column("customer_id", Text, ForeignKey("shop_customers.id"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("line1", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("postal_code", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
)

# No check on `status`: the shop's own system may write one that this version does not know yet,
# and then that order is unreadable, not the database closed to the shop.
orders: Final = Table(
    "shop_orders",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("shop_customers.id"), nullable=False),
    Column("seller_id", Text, ForeignKey("shop_sellers.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("email_key", Text, nullable=False),  # normalise_email(email)
    Column("status", Text, nullable=False),
    Column("placed_at", UtcInstant, nullable=False),
    Column("shipping_minor", BigInteger, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("address", JSON(none_as_null=True)),
    Column("payment", Text),
    Column("carrier", Text),
    Column("tracking_number", Text),
    Column("shipped_at", UtcInstant),
    Column("expected_at", UtcInstant),
    Column("delivered_at", UtcInstant),
    Column("cancelled_at", UtcInstant),
    Column("cancel_reason", Text),
    Index("ix_shop_orders_customer", "customer_id", "placed_at", "number"),
    # A guest's wrong e-mail ends in the index where an unknown number ends: same work, same time.
    Index("ix_shop_orders_guest", "number", "email_key", unique=True),
)

order_items: Final = Table(
    "shop_order_items",
    metadata,
    Column("order_number", Text, ForeignKey("shop_orders.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sku", Text, nullable=False),  # no foreign key: a variant may go, the order stays
    Column("product_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", BigInteger, nullable=False),
    CheckConstraint("quantity > 0", name="quantity_positive"),
)

seller_messages: Final = Table(
    "shop_seller_messages",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("order_number", Text, ForeignKey("shop_orders.number"), nullable=False),
    Column("customer_id", Text, ForeignKey("shop_customers.id"), nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sent_at", UtcInstant, nullable=False),
    Column("idempotency_key", Text),
    UniqueConstraint("order_number", "idempotency_key"),
    CheckConstraint("author IN ('shopper', 'seller')", name="author_known"),
    Index("ix_shop_seller_messages_order", "order_number", "sent_at", "id"),
    Index("ix_shop_seller_messages_customer", "customer_id", "sent_at"),
)

order_audit: Final = Table(
    "shop_order_audit",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("order_number", Text, ForeignKey("shop_orders.number"), nullable=False),
    Column("actor", Text, nullable=False),  # the customer who asked for it
    Column("at", UtcInstant, nullable=False),
    Column("action", Text, nullable=False),
    Column("from_status", Text, nullable=False),
    Column("to_status", Text, nullable=False),
    Column("detail", Text),
    Column("idempotency_key", Text),
    UniqueConstraint("order_number", "idempotency_key"),
)
