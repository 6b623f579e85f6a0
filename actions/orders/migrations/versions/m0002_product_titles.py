"""An index for finding a product by its title, whatever its case."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_shop_products_title", "shop_products", [sa.text("lower(title)")])


def downgrade() -> None:
    op.drop_index("ix_shop_products_title", "shop_products")
