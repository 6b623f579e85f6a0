"""The first tables: sellers, products, customers, orders, messages to sellers, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INSTANT = sa.DateTime(timezone=True)
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_catalogue()
    _create_customers()
    _create_orders()
    _create_messages()
    _create_audit()


def _create_catalogue() -> None:
    op.create_table(
        "shop_sellers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("reply_hours", sa.Integer, nullable=False),
        sa.Column("rating", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_shop_sellers"),
    )
    op.create_table(
        "shop_products",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seller_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shop_products"),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["shop_sellers.id"], name="fk_shop_products_seller_id"
        ),
    )
    op.create_table(
        "shop_variants",
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("price_minor", sa.BigInteger, nullable=False),
        sa.Column("stock", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sku", name="pk_shop_variants"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["shop_products.id"], name="fk_shop_variants_product_id"
        ),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_shop_variants_stock_not_negative")),
    )
    op.create_index("ix_shop_variants_product_id", "shop_variants", ["product_id"])


def _create_customers() -> None:
    op.create_table(
        "shop_customers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shop_customers"),
    )
    op.create_table(
        "shop_customer_addresses",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("line1", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("postal_code", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "label", name="pk_shop_customer_addresses"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["shop_customers.id"],
            name="fk_shop_customer_addresses_customer_id",
        ),
    )


def _create_orders() -> None:
    op.create_table(
        "shop_orders",
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("seller_id", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("placed_at", _INSTANT, nullable=False),
        sa.Column("shipping_minor", sa.BigInteger, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("address", sa.JSON),
        sa.Column("payment", sa.Text),
        sa.Column("carrier", sa.Text),
        sa.Column("tracking_number", sa.Text),
        sa.Column("shipped_at", _INSTANT),
        sa.Column("expected_at", _INSTANT),
        sa.Column("delivered_at", _INSTANT),
        sa.Column("cancelled_at", _INSTANT),
        sa.Column("cancel_reason", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_shop_orders"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["shop_customers.id"], name="fk_shop_orders_customer_id"
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["shop_sellers.id"], name="fk_shop_orders_seller_id"
        ),
    )
    op.create_index(
        "ix_shop_orders_customer", "shop_orders", ["customer_id", "placed_at", "number"]
    )
    op.create_index("ix_shop_orders_guest", "shop_orders", ["number", "email_key"], unique=True)
    op.create_table(
        "shop_order_items",
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("order_number", "position", name="pk_shop_order_items"),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name="fk_shop_order_items_order_number"
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shop_order_items_quantity_positive")),
    )


def _create_messages() -> None:
    op.create_table(
        "shop_seller_messages",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=False),
        sa.Column("idempotency_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_shop_seller_messages"),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name="fk_shop_seller_messages_order_number"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["shop_customers.id"], name="fk_shop_seller_messages_customer_id"
        ),
        sa.UniqueConstraint(
            "order_number",
            "idempotency_key",
            name="uq_shop_seller_messages_order_number_idempotency_key",
        ),
        sa.CheckConstraint(
            "author IN ('shopper', 'seller')", name=op.f("ck_shop_seller_messages_author_known")
        ),
    )
    op.create_index(
        "ix_shop_seller_messages_order", "shop_seller_messages", ["order_number", "sent_at", "id"]
    )
    op.create_index(
        "ix_shop_seller_messages_customer", "shop_seller_messages", ["customer_id", "sent_at"]
    )


def _create_audit() -> None:
    op.create_table(
        "shop_order_audit",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_status", sa.Text, nullable=False),
        sa.Column("to_status", sa.Text, nullable=False),
        sa.Column("detail", sa.Text),
        sa.Column("idempotency_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_shop_order_audit"),
        sa.ForeignKeyConstraint(
            ["order_number"], ["shop_orders.number"], name="fk_shop_order_audit_order_number"
        ),
        sa.UniqueConstraint(
            "order_number",
            "idempotency_key",
            name="uq_shop_order_audit_order_number_idempotency_key",
        ),
    )
