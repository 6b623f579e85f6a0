"""The gateway with the demo shop around it: `python -m bot.demo_shop --port 8080`."""

import sys

from fastapi import FastAPI

from actions.orders.store import OrderStoreUrlError
from actions.wiring import open_order_store
from bot.demo_shop.app import add_demo_shop
from bot.errors import ConfigurationError
from bot.gateway.process import serve_gateway
from bot.settings import Settings


def main() -> int:
    """Serve until a signal; returns the exit code."""
    return serve_gateway("python -m bot.demo_shop", __doc__, demo=True, furnish=_furnish)


def _furnish(app: FastAPI, settings: Settings) -> None:
    try:
        store = open_order_store(settings.order_store_url, settings.plain_order_store_token)
    except OrderStoreUrlError as error:
        raise ConfigurationError(f"ORDER_STORE_URL: {error}") from error
    add_demo_shop(app, settings, store)


if __name__ == "__main__":
    sys.exit(main())
