"""`bot db`: the bot's own database and, if it is an SQL database, the order store."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.orders import open_orders_engine
from bot.cli.project import open_bot_database, read_settings

app = typer.Typer(help="Databases.", no_args_is_help=True)


@app.command("upgrade")
def upgrade(demo: Annotated[bool, typer.Option(help="The demo's databases.")] = False) -> None:
    """Bring the databases to the newest tables."""
    settings = read_settings(demo=demo)
    open_bot_database(settings).dispose()
    print("BOT_DATABASE_URL: up to date")
    if orders_engine := open_orders_engine(settings):
        orders_engine.dispose()
        print("ORDER_STORE_URL: up to date")
    else:
        print("ORDER_STORE_URL: a shop's own system, nothing to do")
