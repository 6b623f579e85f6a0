"""The pages as the server makes them."""

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, update

from actions.orders.sql_schema import products, variants
from actions.orders.store import OrderStoreUnavailable
from bot.demo_shop.pages import DEMO
from bot.demo_shop.shelves import Shelves
from tests.demo_shop.conftest import AilingStore

PAGES = [
    "/",
    "/?q=mug",
    "/?q=nothing-like-it",
    "/?seller=S4",
    "/products/P01",
    "/cart",
    "/orders",
    "/orders/8100240003",
    "/addresses",
    "/help",
    "/help?q=size",
    "/help?q=nothing-like-it",
    "/help/placing-orders",
]


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_page_is_there_without_inline_scripts_or_styles(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await read(client, path)
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize("path", PAGES)
async def test_every_picture_and_script_of_a_page_exists(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await read(client, path)
    for address in set(re.findall(r'(?:src|href)="(/web/[^"#]+)', page)):
        assert (await client.get(address)).status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
async def test_pictures_keep_their_place_before_they_come(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await read(client, path)
    for image in re.findall(r"<img[^>]*>", page):
        assert " width=" in image, image
        assert " height=" in image, image
        assert " alt=" in image, image


@pytest.mark.parametrize("path", ["/products/P99", "/help/nothing"])
async def test_unknown_address_is_a_page_that_leads_on(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await read(client, path, 404)
    assert "is not in the" in page


@pytest.mark.parametrize("path", ["/?q={}", "/help?q={}", "/orders/{}", "/?seller={}"])
async def test_what_stands_in_an_address_is_shown_as_text(
    client: httpx.AsyncClient, path: str
) -> None:
    page = await read(client, path.format("%22%3E%3Cb%20onclick=x%3E"))
    assert "<b onclick" not in page


async def test_front_shows_what_is_listed_and_its_cheapest_price(
    client: httpx.AsyncClient, shelves: Shelves
) -> None:
    page = await read(client, "/")
    shown = re.findall(r'href="/products/(\w+)"', page)
    assert shown == [product.id for product in shelves.listed]
    assert "P07" not in shown
    assert re.search(r"From</span>\s+\$89\.90", page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=mug", ["P09"]),
        ("q=RAIN+kids", ["P12"]),
        ("q=sea+green", ["P09"]),
        ("q=p10", ["P10"]),
        ("seller=S4", ["P11", "P12"]),
        ("seller=S4&q=train", ["P11"]),
        ("seller=none&q=train", ["P11"]),
        ("q=hovercraft", []),
    ],
)
async def test_search_finds_by_word_and_seller(
    client: httpx.AsyncClient, query: str, found: list[str]
) -> None:
    page = await read(client, f"/?{query}")
    assert re.findall(r'href="/products/(\w+)"', page) == found


async def test_product_tells_the_stock_of_the_order_store(
    client: httpx.AsyncClient, order_engine: Engine
) -> None:
    assert 'id="item-stock" class="stock" data-level="good">In stock' in await read(
        client, "/products/P10"
    )
    with order_engine.begin() as connection:
        connection.execute(update(variants).where(variants.c.product_id == "P10").values(stock=3))
    assert "Only 3 left" in await read(client, "/products/P10")


async def test_sold_out_product_cannot_be_bought(
    client: httpx.AsyncClient, order_engine: Engine
) -> None:
    with order_engine.begin() as connection:
        connection.execute(update(variants).where(variants.c.product_id == "P10").values(stock=0))
    page = await read(client, "/products/P10")
    assert ">Sold out</p>" in page
    assert re.search(r'id="buy-now" class="primary" disabled', page)


async def test_product_that_was_taken_down_says_so(
    client: httpx.AsyncClient, order_engine: Engine
) -> None:
    assert "Taken down by the seller" in await read(client, "/products/P07")
    with order_engine.begin() as connection:
        connection.execute(update(products).where(products.c.id == "P10").values(listed=False))
    assert "Taken down by the seller" in await read(client, "/products/P10")


async def test_product_is_shown_while_the_order_store_is_away(
    client: httpx.AsyncClient, store: AilingStore
) -> None:
    store.failure = OrderStoreUnavailable("away")
    assert "In stock" in await read(client, "/products/P01")


async def test_pages_are_asked_for_anew_each_time(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).headers["cache-control"] == "no-cache"


async def test_products_are_listed_for_the_cart(
    client: httpx.AsyncClient, shelves: Shelves
) -> None:
    listed = (await client.get("/demo/products")).json()["products"]
    assert [product["id"] for product in listed] == [product.id for product in shelves.listed]
    assert listed[0]["variants"][3] == {
        "sku": "P01-M-RED",
        "label": "M, Red",
        "attributes": {"size": "M", "color": "Red"},
        "price_minor": 9290,
        "price": "$92.90",
        "stock": 4,
        "picture": "/web/demo/pictures/P01-red.svg",
    }


@pytest.mark.parametrize("path", ["/web/demo/../../settings.py", "/web/demo/%2e%2e/packing.py"])
async def test_only_what_belongs_to_the_pages_can_be_read(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).status_code == 404


def test_every_product_has_a_picture_and_words(shelves: Shelves) -> None:
    for product in shelves.products.values():
        assert (DEMO / "pictures" / f"{product.id}.svg").is_file()
        assert shelves.words.products[product.id].lead


def test_words_speak_of_nothing_that_the_shop_lacks(shelves: Shelves) -> None:
    assert set(shelves.words.products) == set(shelves.products)
    assert set(shelves.words.sellers) == set(shelves.sellers)
    assert set(shelves.words.customers) == {"", *shelves.customers}


def test_pictures_hold_no_script_and_load_nothing() -> None:
    for picture in (DEMO / "pictures").glob("*.svg"):
        text = picture.read_text(encoding="utf-8")
        assert re.findall(r"<script|<style|\son\w+=|href=|<image|@import", text) == [], picture.name


def test_scripts_and_styles_of_pages_stay_short() -> None:
    for path in [*DEMO.glob("*.js"), *DEMO.glob("*.css")]:
        assert len(Path(path).read_text(encoding="utf-8").splitlines()) <= 400, path.name
