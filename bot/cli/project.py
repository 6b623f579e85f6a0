"""What several commands need: the project's folder, the settings, upgraded databases."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from bot.db.engine import check_reachable, open_engine
from bot.db.upgrade import upgrade
from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings

PROJECT_FILES = ("config.yml", "domain.yml", "data")


def find_project() -> Path:
    """Return the working directory if it is a bot's project.

    Rasa's files name one another relative to it, so nothing else can work.
    """
    here = Path.cwd()
    missing = [name for name in PROJECT_FILES if not (here / name).exists()]
    if missing:
        raise ConfigurationError(
            f"{here}: no {', '.join(missing)} here; run bot in the project's folder"
        )
    return here


def read_settings(*, demo: bool) -> Settings:
    """Read the settings from this process's environment."""
    return load_settings(os.environ, demo=demo)


def make_scratch_settings(folder: Path) -> Settings:
    """Give the demo's settings with databases of their own in a folder."""
    own = dict.fromkeys(("BOT_DATABASE_URL", "ORDER_STORE_URL", "BOT_REDIS_URL"), "")
    return load_settings({**os.environ, **own, "BOT_STATE_DIR": str(folder)}, demo=True)


def open_bot_database(settings: Settings) -> Engine:
    """Open the bot's own database and bring it to the newest tables."""
    engine = open_engine(settings.database_url)
    check_reachable(engine)
    upgrade(engine)
    return engine
