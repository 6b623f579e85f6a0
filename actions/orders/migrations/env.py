"""Run by alembic inside the transaction that `upgrade_schema` has begun."""

from alembic import context

from actions.orders.migrations import VERSION_TABLE
from actions.orders.sql_schema import metadata


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
    )
    context.run_migrations()


# Rasa's SDK imports every module under `actions` to find the actions; only alembic sets `config`.
if hasattr(context, "config"):
    _run()
