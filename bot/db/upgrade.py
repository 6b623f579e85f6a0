"""Bring the database to the newest tables."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from bot.db.engine import writing

VERSION_TABLE = "bot_alembic_version"
# Any number will do, as long as nothing else in the shop's database uses it.
_UPGRADE_LOCK = 7_218_330_411


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing; processes that start together take turns."""
    # It tells of every look at the database, also when there is nothing to do.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _UPGRADE_LOCK})
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
