"""The demo shop's pages, made on the server so that their first paint is their last."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import structlog
from babel import Locale
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from actions.orders.deadline import Deadline, within
from actions.orders.store import OrderStore, OrderStoreUnavailable
from bot.demo_shop.help_topics import HelpTopics
from bot.demo_shop.shelves import Product, Shelves
from bot.gateway.pages import WEB, RevalidatedFiles

DEMO = WEB / "demo"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_ANSWERED_WITHIN_S: Final = 1.0
_MAX_SEARCH_CHARS: Final = 100
_SIMILAR: Final = 4
# What one wants to know before buying, as far as the help center says it.
_BEFORE_BUYING: Final = (
    "how_do_i_purchase_an_item",
    "how_do_i_configure_my_address",
    "what_if_i_selected_the_wrong_size_or_model_of_an_item_but_have_already_placed_the_order",
    "what_if_i_still_need_to_contact_the_seller_after_placing_an_order",
)
_PROMISES: Final = (
    ("box", "Cancel until it ships", _BEFORE_BUYING[2]),
    ("message", "Write to every seller", _BEFORE_BUYING[3]),
    ("truck", "Follow each order", "how_do_i_check_the_order_status"),
)

_log = structlog.get_logger("bot.demo_shop")


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page."""

    title: str
    address: str


_SHOP: Final = Crumb("Shop", "/")
_HELP: Final = Crumb("Help Center", "/help")
_ORDERS: Final = Crumb("My Orders", "/orders")


class DemoPages:
    """Answers for the addresses of the shop."""

    def __init__(self, shelves: Shelves, topics: HelpTopics, store: OrderStore) -> None:
        self._shelves = shelves
        self._topics = topics
        self._store = store
        self._templates = _make_environment(shelves, topics)

    def routes(self) -> list[BaseRoute]:
        """Return the pages, and what belongs to them at `/web/demo/…`."""
        return [
            Route("/", self.front),
            Route("/products/{product_id}", self.product),
            Route("/cart", self.cart),
            Route("/orders", self.orders),
            Route("/orders/{number}", self.order),
            Route("/addresses", self.addresses),
            Route("/help", self.help),
            Route("/help/{slug}", self.topic),
            Mount("/web/demo", RevalidatedFiles(directory=DEMO, check_dir=False)),
        ]

    async def front(self, request: Request) -> Response:
        words = _search_words(request)
        seller_id = request.query_params.get("seller", "")
        seller = self._shelves.sellers.get(seller_id)
        found = self._shelves.find(words, seller.id if seller else "")
        promises = [
            (icon, title, self._topics.articles[article_id])
            for icon, title, article_id in _PROMISES
            if article_id in self._topics.articles
        ]
        return self._page("front", words=words, seller=seller, found=found, promises=promises)

    async def product(self, request: Request) -> Response:
        product = self._shelves.products.get(request.path_params["product_id"])
        if product is None:
            return self._missing("That product is not in the shop", Crumb("Back to the shop", "/"))
        product = await asyncio.to_thread(self._with_current_stock, product)
        others = [one for one in self._shelves.listed if one.id != product.id]
        others.sort(key=lambda one: one.seller != product.seller)
        articles = [self._topics.articles.get(article_id) for article_id in _BEFORE_BUYING]
        return self._page(
            "product",
            crumbs=[_SHOP, Crumb(product.title, request.url.path)],
            product=product,
            chosen=product.first_in_stock,
            seller=self._shelves.seller_of(product),
            described=self._shelves.words.products.get(product.id),
            articles=[article for article in articles if article],
            others=others[:_SIMILAR],
        )

    async def cart(self, _request: Request) -> Response:
        return self._page("cart", crumbs=[_SHOP, Crumb("Cart", "/cart")])

    async def orders(self, _request: Request) -> Response:
        return self._page("orders", crumbs=[_SHOP, _ORDERS])

    async def order(self, request: Request) -> Response:
        number = request.path_params["number"]
        crumb = Crumb(f"Order {number}", request.url.path)
        return self._page("order", crumbs=[_SHOP, _ORDERS, crumb], number=number)

    async def addresses(self, _request: Request) -> Response:
        crumbs = [_SHOP, Crumb("My Shipping Addresses", "/addresses")]
        return self._page("addresses", crumbs=crumbs)

    async def help(self, request: Request) -> Response:
        words = _search_words(request)
        found = self._topics.search(words) if words.strip() else None
        return self._page("help", crumbs=[_SHOP, _HELP], words=words, found=found)

    async def topic(self, request: Request) -> Response:
        topic = self._topics.find_topic(request.path_params["slug"])
        if topic is None:
            return self._missing(
                "That page is not in the Help Center", Crumb("Help Center", "/help")
            )
        crumbs = [_SHOP, _HELP, Crumb(topic.name, topic.address)]
        return self._page("topic", crumbs=crumbs, words="", topic=topic)

    def _with_current_stock(self, product: Product) -> Product:
        try:
            with within(Deadline.after(_ANSWERED_WITHIN_S)):
                found = self._store.purchase_facts(product.title, customer_id=None).product
        except OrderStoreUnavailable as error:
            # A page that shows what the shop began with is better than none.
            _log.warning("stock_not_read", reason=str(error))
            return product
        return product.with_stock(found.listed, found.variants) if found else product

    def _missing(self, message: str, way_out: Crumb) -> Response:
        context = {"crumbs": [_SHOP], "message": message, "way_out": way_out}
        return self._page("missing", status=HTTPStatus.NOT_FOUND, **context)

    def _page(self, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
        template = self._templates.get_template(f"{name}.html.j2")
        html = template.render({"page": name, "crumbs": [], **context})
        return HTMLResponse(html, int(status), {"Cache-Control": "no-cache"})


def _search_words(request: Request) -> str:
    return request.query_params.get("q", "")[:_MAX_SEARCH_CHARS]


def _make_environment(shelves: Shelves, topics: HelpTopics) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"shelves": shelves, "topics": topics}
    environment.filters |= _FILTERS
    return environment


def _country(code: str) -> str:
    territories: Mapping[str, str] = Locale("en").territories
    return territories.get(code, code)


def _long_date(day: date) -> str:
    return format_date(day, "MMMM d, y", locale="en_US")


_FILTERS: Final[Mapping[str, Any]] = {"country": _country, "long_date": _long_date}
