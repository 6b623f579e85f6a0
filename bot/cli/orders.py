"""The order store, as far as the command line touches it: opening it and reading its products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from sqlalchemy import Engine

from actions.orders.http_store import HttpOrderStore, open_http_store
from actions.orders.migrations import upgrade_schema
from actions.orders.model import Product
from actions.orders.sql_engine import open_engine
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStore, OrderStoreError, OrderStoreUrlError
from bot.errors import ConfigurationError, WorkFailed
from bot.settings import Settings


def open_orders_engine(settings: Settings) -> Engine | None:
    """Open the order database and bring it to the newest tables.

    Returns:
        None where the orders are in a shop's own system.

    Raises:
        ConfigurationError: The address or the token is wrong, or no database answers there.
    """
    if settings.has_shop_system:
        _open_shop_system(settings).close()
        return None
    try:
        engine = open_engine(settings.order_store_url)
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
        ConfigurationError: The address or the token is wrong, or no database answers there.
        WorkFailed: The store cannot tell its products.
    """
    with _opened(settings) as store:
        try:
            return store.list_products()
        except OrderStoreError as error:
            raise WorkFailed(f"ORDER_STORE_URL: the products cannot be read ({error})") from error


@contextmanager
def _opened(settings: Settings) -> Iterator[OrderStore]:
    engine = open_orders_engine(settings)
    if engine is None:
        with closing(_open_shop_system(settings)) as system:
            yield system
        return
    try:
        yield SqlOrderStore(engine)
    finally:
        engine.dispose()


def _open_shop_system(settings: Settings) -> HttpOrderStore:
    try:
        return open_http_store(settings.order_store_url, settings.plain_order_store_token)
    except OrderStoreUrlError as error:
        raise ConfigurationError(f"ORDER_STORE_URL: {error}") from error
