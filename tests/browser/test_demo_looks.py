"""The demo shop for everyone: axe on every page, narrow and wide, right to left, no jumps."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Page, ViewportSize, expect

from tests.browser.conftest import OpenPage
from tests.browser.shop_page import ShopPage

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What a page holds once it is complete, by its address: for a guest, and for Ana.
PAGES = {
    "/": "Everything in the shop",
    "/?q=hovercraft": "Nothing found",
    "/products/P01": "Trail Rain Jacket",
    "/products/P07": "Taken down by the seller",
    "/cart": "There are no items",
    "/orders": "Sign in to see your orders",
    "/help": "How can we help?",
    "/help?q=order": "answers for",
    "/help/placing-orders": "Reviewed",
    "/help/none": "not in the Help Center",
}
OF_ANA = {
    "/orders": "5 of 5 orders",
    "/orders/8100240001": "Awaiting Payment",
    "/orders/8100240003": "1Z999AA10123456784",
    "/orders/8100240004": "Delivered",
    "/orders/8100240005": "You changed your mind.",
    "/orders/8100240012": "You have no such order",
    "/addresses": "400 Pine Avenue",
}
EVERY_PAGE = [
    *((path, text, "Guest") for path, text in PAGES.items()),
    *((path, text, "Ana Torres") for path, text in OF_ANA.items()),
]


def _open(open_page: OpenPage, path: str, text: str, name: str, **options: object) -> Page:
    page = open_page(path, **options)
    if name != "Guest":
        ShopPage(page).sign_in(name)
    expect(page.get_by_role("main")).to_contain_text(text)
    return page


def _find_violations(page: Page) -> list[str]:
    """Return what axe finds in both themes."""
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    found = []
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [
            f"{scheme}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in Axe().run(page).response["violations"]
            for node in violation["nodes"]
        ]
    return found


@pytest.mark.parametrize(("path", "text", "name"), EVERY_PAGE)
def test_axe_finds_nothing_in_the_shop(
    open_page: OpenPage, path: str, text: str, name: str
) -> None:
    page = _open(open_page, path, text, name)
    for viewport in (DESKTOP, PHONE):
        page.set_viewport_size(viewport)
        assert _find_violations(page) == []


def test_axe_finds_nothing_in_a_filled_cart(open_page: OpenPage) -> None:
    page = open_page("/products/P01")
    page.get_by_role("button", name="Buy Now").click()
    page.get_by_role("button", name="Place the order").click()
    assert _find_violations(page) == []


@pytest.mark.parametrize(("path", "text", "name"), EVERY_PAGE)
def test_nothing_is_wider_than_the_window_from_either_side(
    open_page: OpenPage, path: str, text: str, name: str
) -> None:
    page = _open(open_page, path, text, name)
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        for width in (320, 768, 1720):
            page.set_viewport_size({"width": width, "height": 800})
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (direction, width)


def test_from_right_to_left_the_shop_begins_on_the_right(open_page: OpenPage) -> None:
    page = open_page("/")
    page.evaluate("document.documentElement.dir = 'rtl'")
    brand = page.get_by_role("link", name="Alder & Finch").bounding_box()
    assert brand is not None
    assert brand["x"] > 640


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/", "/products/P01", "/cart", "/orders", "/help/placing-orders"])
def test_nothing_jumps_while_a_page_comes_in(
    open_page: OpenPage, path: str, viewport: dict[str, int]
) -> None:
    page = open_page(path, viewport=viewport)
    ShopPage(page).sign_in("Ana Torres")
    page.reload()
    page.wait_for_load_state("networkidle")
    moved = page.evaluate(
        """() => new Promise((resolve) => {
          new PerformanceObserver((list) =>
            resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)),
          ).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(0), 300);
        })"""
    )
    assert moved < 0.05


def test_axe_finds_nothing_beside_the_open_chat(open_page: OpenPage) -> None:
    page = _open(open_page, "/orders/8100240003", "UPS", "Ana Torres")
    shop = ShopPage(page)
    shop.press("Where is it?")
    shop.expect_asked("Where is my order")
    assert _find_violations(page) == []


@pytest.mark.parametrize("width", [1280, 1720])
def test_the_page_makes_room_for_the_chat(open_page: OpenPage, width: int) -> None:
    size = {"width": width, "height": 800}
    page = _open(open_page, "/orders/8100240003", "UPS", "Ana Torres", viewport=size)
    shop = ShopPage(page)
    shop.press("Contact Seller")
    shop.expect_asked("Contact the seller")
    panel = shop.chat.dialog.bounding_box()
    assert panel is not None
    for place in (shop.main.locator("section, button").all(), page.get_by_role("link").all()):
        boxes = [box for one in place if one.is_visible() and (box := one.bounding_box())]
        hidden = [
            box for box in boxes if box["x"] + box["width"] > panel["x"] and _meets(box, panel)
        ]
        assert hidden == []


def _meets(box: FloatRect, panel: FloatRect) -> bool:
    return box["y"] < panel["y"] + panel["height"] and box["y"] + box["height"] > panel["y"]


def test_nothing_moves_for_those_who_want_no_motion(open_page: OpenPage) -> None:
    page = open_page("/", reduced_motion="reduce")
    page.get_by_role("link", name="Trail Rain Jacket").hover()
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_what_is_focused_has_a_ring(open_page: OpenPage) -> None:
    page = open_page("/products/P01")
    for name in ("Buy Now", "Add to cart", "Ask about this item"):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid", name


def test_a_status_is_told_by_more_than_its_color(open_page: OpenPage) -> None:
    page = _open(open_page, "/orders", "5 of 5 orders", "Ana Torres", forced_colors="active")
    border = page.locator(".pill").first.evaluate("node => getComputedStyle(node).borderWidth")
    assert border == "1px"
