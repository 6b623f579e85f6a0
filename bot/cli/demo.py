"""`bot demo`: the demo shop in the order store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from actions.orders.demo_shop import DEMO_SHOP_PATH, LoadReport, load_demo_shop
from actions.orders.shop_file import ShopFileError
from actions.orders.store import OrderStoreError
from bot.cli.orders import open_orders_engine
from bot.cli.project import read_settings
from bot.errors import ConfigurationError, WorkFailed
from bot.settings import Settings

app = typer.Typer(help="The demo shop.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `load` a command of its own, though it is the only one."""


@app.command("load")
def load(
    reset: Annotated[
        bool, typer.Option("--reset", help="Put the demo shop back as it was.")
    ] = False,
    shop: Annotated[Path, typer.Option(help="The shop's file.")] = DEMO_SHOP_PATH,
    demo: Annotated[bool, typer.Option(help="Use the demo's settings.")] = True,
) -> None:
    """Load the demo shop; loading it twice is loading it once."""
    report = load_shop(read_settings(demo=demo), shop, reset=reset)
    print(
        f"{report.outcome}: {report.sellers} sellers, {report.products} products, "
        f"{report.customers} customers, {report.orders} orders"
    )


def load_shop(settings: Settings, shop: Path = DEMO_SHOP_PATH, *, reset: bool) -> LoadReport:
    """Load a shop's file into the order database.

    Raises:
        ConfigurationError: The file or the database cannot be used.
        WorkFailed: The order store is not an SQL database of ours to fill.
    """
    engine = open_orders_engine(settings)
    if engine is None:
        raise WorkFailed(
            "ORDER_STORE_URL names a shop's own system; the demo shop only goes into a database"
        )
    try:
        return load_demo_shop(engine, shop, now=datetime.now(UTC), reset=reset)
    except ShopFileError as error:
        raise ConfigurationError(str(error)) from error
    except OrderStoreError as error:
        raise WorkFailed(f"the demo shop was not loaded: {error}") from error
    finally:
        engine.dispose()
