"""The order store, as far as the command line touches it: opening and filling an SQL database."""

from __future__ import annotations

from sqlalchemy import Engine

from actions.orders.migrations import upgrade_schema
from actions.orders.sql_engine import OrderStoreUrlError, open_engine
from actions.orders.store import OrderStoreError
from bot.errors import ConfigurationError
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
