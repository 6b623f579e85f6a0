"""Alembic's entry: always on a connection that `bot.db.upgrade` made."""

from alembic import context

from bot.db.schema import metadata
from bot.db.upgrade import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
