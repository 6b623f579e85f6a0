"""Changes of the order tables over time, applied with alembic."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from actions.orders.sql_engine import reading, translated_errors

VERSION_TABLE: Final = "order_store_alembic_version"
_UPGRADE_LOCK: Final = 0x0_5D3A_0001  # any number that nobody else locks in this database


def upgrade_schema(engine: Engine) -> None:
    """Bring the order tables to the newest version, in one transaction; safe at each start.

    Raises:
        OrderStoreUnavailable: The database cannot be reached or changed.
    """
    with translated_errors(), engine.begin() as connection:
        _wait_for_other_upgrades(connection)
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Tell whether the order tables are those that this version of the code works with."""
    with translated_errors(), reading(engine).connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return context.get_current_revision() == head


def _wait_for_other_upgrades(connection: Connection) -> None:
    # On SQLite the transaction itself has locked everybody else out.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
