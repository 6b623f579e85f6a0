"""The order store, as far as the command line touches it: opening and filling an SQL database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from actions.orders.migrations import upgrade_schema
from actions.orders.model import Product
from actions.orders.sql_engine import OrderStoreUrlError, open_engine
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStoreError
from bot.errors import ConfigurationError, WorkFailed
from bot.settings import Settings


def open_orders_engine(settings: Settings) -> Engine | None:
    """Open the order database and bring it to the newest tables.

    Returns:
        None where the order store is a shop's own system behind `https://`.

    Raises:
        ConfigurationError: The address is wrong or nobody answers there.
    """
    url = settings.order_store_url
    if url.startswith(("https://", "http://")):
        return None
    try:
        engine = open_engine(url)
        upgrade_schema(engine)
    except (OrderStoreUrlError, OrderStoreError) as error:
        raise ConfigurationError(
            f"ORDER_STORE_URL: the order database cannot be opened ({error}); start it or correct "
            "the address"
        ) from error
    return engine


def read_products(settings: Settings) -> Sequence[Product]:
    """Read the products of the order store.

    Raises:
        ConfigurationError: The address is wrong or nobody answers there.
        WorkFailed: The store cannot tell its products.
    """
    engine = open_orders_engine(settings)
    if engine is None:
        raise WorkFailed(
            "ORDER_STORE_URL names a shop's own system; products are only read from a database"
        )
    try:
        return SqlOrderStore(engine).list_products()
    except OrderStoreError as error:
        raise WorkFailed(f"ORDER_STORE_URL: the products cannot be read ({error})") from error
    finally:
        engine.dispose()
