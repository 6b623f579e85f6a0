"""Puts the demo shop around a gateway."""

from fastapi import FastAPI

from actions.orders.store import OrderStore
from bot.demo_shop import problems
from bot.demo_shop.help_topics import load_help_topics
from bot.demo_shop.identity import customer_finder, identity_router
from bot.demo_shop.orders import orders_router
from bot.demo_shop.pages import DEMO, DemoPages
from bot.demo_shop.pictures import Pictures
from bot.demo_shop.products import products_router
from bot.demo_shop.shelves import stock_shelves
from bot.gateway.clock import Clock, utc_now
from bot.settings import Settings


def add_demo_shop(
    app: FastAPI, settings: Settings, store: OrderStore, *, clock: Clock = utc_now
) -> None:
    """Add the demo shop's pages and endpoints to a gateway.

    It signs its customers in with the shared secret of identities, so without one there is no shop.

    Raises:
        ConfigurationError: the shop file cannot be used.
        ArticleError: the articles cannot be read.
    """
    if settings.identity_secret is None:
        return
    secret = settings.identity_secret.get_secret_value()
    pictures = Pictures(DEMO / "pictures", address="/web/demo/pictures")
    shelves = stock_shelves(settings.demo_shop_path, pictures, now=clock())
    problems.install(app)
    app.include_router(identity_router(shelves.customers, secret, clock))
    app.include_router(orders_router(store, pictures, customer_finder(secret, clock)))
    app.include_router(products_router(shelves))
    pages = DemoPages(shelves, load_help_topics(settings.articles_dir), store)
    app.router.routes.extend(pages.routes())
