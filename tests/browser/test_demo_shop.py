"""The demo shop's pages: front, products, cart, help, and the strip around them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.shop_page import ShopPage

pytestmark = pytest.mark.browser

HELP = "/help/placing-orders"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_ana_signs_in_and_asks_with_one_press(open_page: OpenPage, gateway: FakeGateway) -> None:
    page = open_page("/")
    ShopPage(page).sign_in("Ana Torres")
    page.get_by_role("button", name="Where is my order 8100240003?").click()
    expect(ChatPage(page).log.get_by_role("region", name="Order 8100240003")).to_be_visible()
    assert gateway.requests_to("/sessions")[-1].body["identity"].count(".") == 2


def test_becoming_another_customer_starts_another_conversation(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/")).sign_in("Ana Torres")
    chat = shop.chat.open().ask("my secret", "You said: my secret")
    shop.sign_in("Ben Okafor")
    expect(chat.log).not_to_contain_text("my secret")


def test_who_is_signed_in_is_greeted_on_every_page(open_page: OpenPage) -> None:
    page = open_page("/")
    expect(page.get_by_role("link", name="Hello, guest My Orders")).to_be_visible()
    ShopPage(page).sign_in("Ana Torres")
    page.get_by_role("link", name="Help Center").first.click()
    expect(page.get_by_role("link", name="Hello, Ana My Orders")).to_be_visible()


def test_my_orders_is_in_the_upper_right_of_the_homepage(open_page: OpenPage) -> None:
    link = open_page("/").get_by_role("link", name="My Orders").first
    box = link.bounding_box()
    assert box is not None
    assert box["x"] > 640
    assert box["y"] < 200
    link.click()
    expect(link.page).to_have_url(re.compile("/orders$"))


def test_search_and_sellers_narrow_the_shelves(open_page: OpenPage) -> None:
    page = open_page("/")
    products = page.locator("#grid > li")
    expect(products).to_have_count(11)
    page.get_by_role("navigation", name="Sellers").get_by_role("link", name="Kobo Kids").click()
    expect(products).to_have_count(2)
    search = page.get_by_label("Search the shop")
    search.fill("hiking")
    search.press("Enter")
    expect(products).to_have_count(1)
    expect(page.get_by_role("heading", name="Results for “hiking”")).to_be_visible()


def test_a_search_that_finds_nothing_can_be_asked_of_the_bot(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/?q=8100240003"))
    shop.press("Ask the help bot")
    shop.expect_asked("8100240003")


def test_a_product_goes_into_the_cart_and_is_there_after_a_reload(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Wireless Earbuds Pro").click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("status").filter(has_text="Added to the cart.")).to_be_visible()
    expect(ChatPage(page).dialog).to_be_hidden()
    page.get_by_role("link", name="Go to the cart").click()
    expect(page.locator(".total")).to_have_text("Total$59.99")
    page.reload()
    expect(page.locator(".total")).to_have_text("Total$59.99")
    expect(page.get_by_role("link", name="Cart 1")).to_be_visible()


def test_quantities_add_up_and_what_is_removed_is_gone(open_page: OpenPage) -> None:
    page = open_page("/products/P09")
    page.get_by_role("button", name="Buy Now").click()
    quantity = page.get_by_label("Quantity of Ceramic Mug Set (4)")
    quantity.focus()
    quantity.select_option("3")
    expect(page.locator(".total")).to_have_text("Total$108.00")
    expect(quantity).to_be_focused()
    page.get_by_role("button", name="Remove Ceramic Mug Set (4)").click()
    expect(page.get_by_role("heading", name="There are no items in the cart")).to_be_visible()
    expect(page.locator("#cart-count")).to_be_hidden()


def test_the_cart_is_the_same_in_every_tab(open_page: OpenPage, gateway: FakeGateway) -> None:
    page = open_page("/products/P10")
    second = page.context.new_page()
    second.goto(gateway.url + "/cart")
    page.get_by_role("button", name="Add to cart").click()
    expect(second.get_by_role("link", name="Scented Candle")).to_be_visible()


def test_an_order_cannot_be_placed_and_the_bot_can_say_why(open_page: OpenPage) -> None:
    page = open_page("/products/P10")
    page.get_by_role("button", name="Buy Now").click()
    shop = ShopPage(page)
    shop.press("Place the order").press("Why can’t I place an order?")
    expect(shop.main).to_contain_text("no order is placed")
    shop.expect_asked("Why can’t I place an order?")


def test_a_variant_has_its_own_picture_and_price(open_page: OpenPage) -> None:
    page = open_page("/products/P01")
    picture = page.get_by_role("img", name="Trail Rain Jacket, S, Blue")
    expect(picture).to_be_visible()
    page.get_by_text("M, Red").click()
    expect(page.locator("#item-price")).to_have_text("$92.90")
    expect(page.locator("#item-stock")).to_have_text("Only 4 left")
    red = page.get_by_role("img", name="Trail Rain Jacket, M, Red")
    expect(red).to_have_attribute("src", "/web/demo/pictures/P01-red.svg")
    assert red.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_what_is_sold_out_cannot_be_chosen(open_page: OpenPage) -> None:
    page = open_page("/products/P01")
    expect(page.get_by_role("radio", name="L, Blue")).to_be_disabled()


def test_no_more_goes_into_the_cart_than_there_is(open_page: OpenPage) -> None:
    page = open_page("/products/P08")
    page.get_by_text("180x300 cm").click()
    add = page.get_by_role("button", name="Add to cart")
    for _ in range(3):
        add.click()
    expect(page.locator("#item-said")).to_contain_text("All there are of it are in your cart.")
    expect(page.locator("#cart-count")).to_have_text("2")


def test_asking_about_an_item_leaves_the_last_word_to_the_shopper(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/products/P01"))
    shop.press("Ask about this item")
    expect(shop.chat.composer).to_be_focused()
    expect(shop.chat.composer).to_have_value("Why can’t I order the Trail Rain Jacket?")


def test_a_source_of_the_bot_leads_to_its_article(open_page: OpenPage) -> None:
    page = open_page(f"{HELP}#how_do_i_check_the_order_status")
    article = page.get_by_role("article", name="How do I check the order status?")
    expect(article).to_contain_text("You can search the order number from the search bar.")
    expect(article).to_contain_text("Reviewed November 20, 2026")
    expect(article).to_be_in_viewport()
    header = page.locator("header.site").bounding_box()
    top = article.bounding_box()
    assert header is not None
    assert top is not None
    assert top["y"] >= header["y"] + header["height"]


def test_the_help_center_finds_an_article_by_other_words(open_page: OpenPage) -> None:
    page = open_page("/help")
    search = page.get_by_label("Search the Help Center")
    search.fill("wrong size")
    search.press("Enter")
    answer = page.get_by_role("listitem").get_by_role("link", name="What if I selected the wrong")
    answer.click()
    expect(page).to_have_url(re.compile("#what_if_i_selected_the_wrong_size"))


def test_what_no_article_answers_can_be_asked_of_the_bot(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/help?q=hovercraft"))
    expect(shop.main.get_by_role("heading", name="No article answers “hovercraft”")).to_be_visible()
    shop.press("Ask the help bot")
    shop.expect_asked("hovercraft")


def test_an_unknown_page_leads_back(open_page: OpenPage) -> None:
    page = open_page("/products/P99")
    expect(page.get_by_role("heading", name="That product is not in the shop")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Back to the shop").click()
    expect(page.locator("#grid > li")).to_have_count(11)


def test_on_a_phone_the_strip_is_one_line_until_it_is_opened(open_page: OpenPage) -> None:
    page = open_page("/", **PHONE)
    toggle = page.get_by_role("button", name="Demo shop")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_label("Signed in as")).to_be_hidden()
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="What can you do?")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Signed in as")).to_be_visible()


def test_on_a_desk_the_strip_can_be_put_away(open_page: OpenPage) -> None:
    page = open_page("/")
    toggle = page.get_by_role("button", name="Demo shop")
    toggle.click()
    expect(page.get_by_label("Signed in as")).to_be_hidden()
    page.reload()
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_on_a_phone_the_search_opens_where_it_is_needed(open_page: OpenPage) -> None:
    page = open_page("/", **PHONE)
    expect(page.get_by_label("Search the shop")).to_be_hidden()
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_label("Search the shop")).to_be_focused()


def test_the_header_stays_in_sight(open_page: OpenPage) -> None:
    page = open_page("/")
    page.mouse.wheel(0, 2000)
    page.wait_for_function("scrollY > 500")
    expect(page.get_by_role("link", name="My Orders").first).to_be_in_viewport()


def test_the_keyboard_jumps_over_strip_and_header(open_page: OpenPage) -> None:
    page: Page = open_page("/cart")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link", name="See everything")).to_be_focused()
