"""The demo shop's pages around the chat."""

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.host_pages import WEB

SHOP = Path(__file__).resolve().parents[2] / "data" / "demo_shop.json"
HELP = "/help/placing-orders"


def _read_shop() -> dict[str, Any]:
    shop: dict[str, Any] = json.loads(SHOP.read_text(encoding="utf-8"))
    return shop


def test_the_shelves_hold_what_the_order_store_sells() -> None:
    shop = _read_shop()
    sellers = {seller["id"]: seller for seller in shop["sellers"]}
    shelves = json.loads((WEB / "demo" / "products.json").read_text(encoding="utf-8"))
    expected = [
        {
            "id": product["id"],
            "title": product["title"],
            "currency": product["currency"],
            "seller": {
                name: sellers[product["seller_id"]][name]
                for name in ("name", "country", "reply_hours", "rating")
            },
            "variants": product["variants"],
        }
        for product in shop["products"]
        if product["listed"]
    ]
    assert shelves == expected


def test_every_product_has_a_picture() -> None:
    shelves = json.loads((WEB / "demo" / "products.json").read_text(encoding="utf-8"))
    pictures = {picture.stem for picture in (WEB / "demo" / "pictures").glob("*.svg")}
    assert pictures == {product["id"] for product in shelves}


def test_the_account_switcher_knows_every_customer() -> None:
    source = (WEB / "demo" / "account.js").read_text(encoding="utf-8")
    for customer in _read_shop()["customers"]:
        assert f'{customer["id"]}: {{\n    name: "{customer["name"]}"' in source


@pytest.mark.browser
def test_ana_signs_in_and_asks_with_one_press(open_page: OpenPage, gateway: FakeGateway) -> None:
    page = open_page("/")
    page.get_by_label("Signed in as").select_option("Ana Torres")
    page.get_by_role("button", name="Where is my order 8100240003?").click()
    chat = ChatPage(page)
    expect(chat.log.get_by_role("region", name="Order 8100240003")).to_be_visible()
    assert gateway.requests_to("/demo/identity")[0].body == {"customer": "C100"}
    assert gateway.requests_to("/sessions")[-1].body["identity"].startswith("e30.")


@pytest.mark.browser
def test_becoming_another_customer_starts_another_conversation(open_page: OpenPage) -> None:
    page = open_page("/")
    account = page.get_by_label("Signed in as")
    account.select_option("Ana Torres")
    chat = ChatPage(page).open().ask("my secret", "You said: my secret")
    account.select_option("Ben Okafor")
    expect(chat.log).not_to_contain_text("my secret")


@pytest.mark.browser
def test_my_orders_lists_them_in_the_chat(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("button", name="My Orders").click()
    expect(ChatPage(page).log).to_contain_text("These are your latest orders.")


@pytest.mark.browser
def test_search_and_sellers_narrow_the_shelves(open_page: OpenPage) -> None:
    page = open_page("/")
    products = page.locator("#grid > li")
    expect(products).to_have_count(11)
    page.get_by_role("button", name="Kobo Kids").click()
    expect(products).to_have_count(2)
    page.get_by_label("Search the shop").fill("train")
    expect(products).to_have_count(1)


@pytest.mark.browser
def test_a_product_goes_into_the_cart_and_out_again(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Wireless Earbuds Pro").click()
    page.get_by_role("dialog").get_by_role("button", name="Add to cart").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cart 1").click()
    expect(page.get_by_role("dialog")).to_contain_text("Total $59.99")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("There are no items in the cart.")


@pytest.mark.browser
def test_the_help_page_shows_the_articles_and_goes_to_the_one_asked_for(
    open_page: OpenPage,
) -> None:
    page = open_page(f"{HELP}#how_do_i_check_the_order_status")
    article = page.get_by_role("article")
    expect(article).to_contain_text("Search the order number.")
    expect(article).to_contain_text("Reviewed Mar 2, 2026")
    expect(article).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", HELP])
def test_axe_finds_nothing_in_the_shop(open_page: OpenPage, path: str, scheme: str) -> None:
    page = open_page(path, color_scheme=scheme)
    expect(page.locator("#found")).to_contain_text("1")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
