"""Run by alembic inside the transaction that `upgrade_schema` has begun."""

from alembic import context

from actions.orders.migrations import VERSION_TABLE
from actions.orders.sql_schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
