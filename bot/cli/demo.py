"""`bot demo`: the demo shop, in the order store and as a shop's own system."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from actions.orders.demo_shop import DEMO_SHOP_PATH, LoadReport, load_demo_shop
from actions.orders.shop_file import ShopFileError
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStoreError
from bot.cli.orders import open_orders_engine
from bot.cli.project import read_settings
from bot.errors import ConfigurationError, WorkFailed
from bot.process import listen, serve_app
from bot.settings import Settings

app = typer.Typer(help="The demo shop.", no_args_is_help=True)


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


@app.command("store-server")
def store_server(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8070,
    token: Annotated[
        str | None, typer.Option(help="What the bot is known by; ORDER_STORE_TOKEN if left out.")
    ] = None,
) -> None:
    """Serve the demo shop by the contract of a shop's own system (docs/order-store-http.md)."""
    from bot.store_server.app import create_store_app  # FastAPI takes a while to import

    settings = read_settings(demo=True)
    known_token = token or settings.plain_order_store_token or ""
    listen(host, port).close()
    engine = _open_served_shop(settings)
    print(_how_to_use(host, port, known_token), flush=True)
    serve_app(
        create_store_app(SqlOrderStore(engine), token=known_token),
        host=host,
        port=port,
        parent_pid=None,
    )
    engine.dispose()


def _open_served_shop(settings: Settings) -> Engine:
    engine = open_orders_engine(settings)
    if engine is None:
        raise ConfigurationError(
            "ORDER_STORE_URL names a shop's own system, which this command itself is; leave it out "
            "here, and set it where the bot runs"
        )
    load_shop(settings, reset=False)
    return engine


def _how_to_use(host: str, port: int, token: str) -> str:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return (
        f"The demo shop answers at {address}/v1. The bot uses it with\n\n"
        f"  ORDER_STORE_URL={address} ORDER_STORE_TOKEN={token} bot serve --demo\n\n"
        "and you with\n\n"
        f'  curl -H "Authorization: Bearer {token}" "{address}/v1/orders?customer_id=C100"\n'
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
