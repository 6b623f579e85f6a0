"""The demo shop as the fake gateway serves it: its own pages and endpoints, on orders in memory."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.model import Order, OrderStatus
from actions.orders.shop_file import read_shop
from actions.orders.store import OrderStoreUnavailable
from bot.demo_shop import problems as shop_problems
from bot.demo_shop.help_topics import load_help_topics
from bot.demo_shop.identity import customer_finder, identity_router
from bot.demo_shop.orders import orders_router
from bot.demo_shop.pages import DEMO, DemoPages
from bot.demo_shop.pictures import Pictures
from bot.demo_shop.products import products_router
from bot.demo_shop.shelves import stock_shelves
from bot.gateway import problems
from bot.gateway.clock import utc_now
from tests.browser.host_pages import WEB

_SECRET = "d" * 64
_ARTICLES = WEB.parents[1] / "data" / "help_center"


class DemoStore(InMemoryOrderStore):
    """Orders that a test changes as the bot would, or takes away."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, as the shop file has it."""
        super().__init__(read_shop(DEMO_SHOP_PATH, now=utc_now()))
        self.is_away = False

    def find_order(self, number: str, *, customer_id: str) -> Order:
        self._require_presence()
        return super().find_order(number, customer_id=customer_id)

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        self._require_presence()
        return super().list_orders(customer_id, limit=limit)

    def cancel(self, number: str) -> None:
        """Cancel an order as the bot does."""
        order = self.orders[number]
        self.cancel_order(
            number,
            customer_id=order.customer_id,
            expected_status=OrderStatus(order.status),
            idempotency_key="bot",
        )

    def _require_presence(self) -> None:
        if self.is_away:
            raise OrderStoreUnavailable("away")


class DemoShop:
    """The shop of a fake gateway."""

    def __init__(self) -> None:
        self.store = DemoStore()

    def routes(self) -> list[BaseRoute]:
        """Return everything of the shop; what no route before these took falls to it."""
        pictures = Pictures(DEMO / "pictures", address="/web/demo/pictures")
        shelves = stock_shelves(DEMO_SHOP_PATH, pictures, now=utc_now())
        api = FastAPI(openapi_url=None)
        problems.install(api)
        shop_problems.install(api)
        api.include_router(identity_router(shelves.customers, _SECRET, utc_now))
        api.include_router(orders_router(self.store, pictures, customer_finder(_SECRET, utc_now)))
        api.include_router(products_router(shelves))
        pages = DemoPages(shelves, load_help_topics(_ARTICLES), self.store)
        return [*pages.routes(), Mount("/", api)]
