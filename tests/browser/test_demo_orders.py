"""My Orders in the demo shop: what the order store holds, and what the bot changes in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.scripted_replies import Reply
from tests.browser.shop_page import ShopPage

pytestmark = pytest.mark.browser

OPEN, SHIPPED, BENS = "8100240002", "8100240003", "8100240012"


def _as_ana(open_page: OpenPage, path: str) -> ShopPage:
    return ShopPage(open_page(path)).sign_in("Ana Torres")


def test_my_orders_lists_every_order_with_its_status(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, "/orders")
    expect(shop.page.get_by_role("article")).to_have_count(5)
    card = shop.order_card(SHIPPED)
    expect(card).to_contain_text("Awaiting Delivery")
    expect(card).to_contain_text("Wireless Earbuds Pro")
    expect(card).to_contain_text("$119.97")


def test_orders_are_found_by_status_and_number_also_after_a_reload(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, "/orders")
    cards = shop.page.get_by_role("article")
    shop.main.get_by_role("button", name="Completed 1").click()
    expect(cards).to_have_count(1)
    shop.main.get_by_role("button", name="All 5").click()
    shop.page.get_by_label("Search your orders").fill("#8100240005")
    expect(cards).to_have_count(1)
    expect(shop.page.get_by_role("status").filter(has_text="1 of 5 orders")).to_be_visible()
    shop.page.reload()
    expect(shop.order_card("8100240005")).to_contain_text("You changed your mind.")
    expect(cards).to_have_count(1)


def test_a_search_that_no_order_fits_says_so(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, "/orders?q=hovercraft")
    expect(shop.main.get_by_role("heading", name="No order like that")).to_be_visible()


def test_order_details_shows_all_of_an_order(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, "/orders")
    shop.order_card(SHIPPED).get_by_role("link", name="Order Details").click()
    expect(shop.page).to_have_url(re.compile(f"/orders/{SHIPPED}$"))
    for text in ("1Z999AA10123456784", "UPS", "12 Alder Street", "Visa ending 4242", "$119.97"):
        expect(shop.main).to_contain_text(text)
    expect(shop.main).to_contain_text("Lumen Electronics")
    current = shop.main.locator("[aria-current=step]")
    expect(current).to_contain_text("Delivered")
    expect(shop.main.get_by_role("link", name="Wireless Earbuds Pro")).to_have_attribute(
        "href", "/products/P04"
    )


@pytest.mark.parametrize(
    ("button", "asked"),
    [
        ("Where is it?", f"Where is my order {OPEN}?"),
        ("Cancel order", f"Cancel order {OPEN}"),
        ("Contact Seller", f"Contact the seller of order {OPEN}"),
    ],
)
def test_buttons_of_an_order_ask_the_bot(open_page: OpenPage, button: str, asked: str) -> None:
    shop = _as_ana(open_page, f"/orders/{OPEN}")
    shop.press(button)
    shop.expect_asked(asked)


def test_what_cannot_be_cancelled_has_no_button_for_it(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, f"/orders/{SHIPPED}")
    expect(shop.main.get_by_role("button", name="Contact Seller")).to_be_visible()
    expect(shop.main.get_by_role("button", name="Cancel order")).to_have_count(0)
    expect(shop.main).to_contain_text("It can no longer be cancelled.")


def test_an_order_that_the_bot_cancels_shows_it_without_a_reload(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    shop = _as_ana(open_page, f"/orders/{OPEN}")
    expect(shop.main).to_contain_text("Awaiting Shipping")
    shop.press("Cancel order")
    shop.expect_asked(f"Cancel order {OPEN}")
    gateway.shop.store.cancel(OPEN)
    gateway.conversation.say("bot", Reply(f"Order {OPEN} is cancelled."))
    expect(shop.main.locator(".pill")).to_have_text("Cancelled")
    expect(shop.main.get_by_role("button", name="Cancel order")).to_have_count(0)
    said = shop.page.get_by_role("status").filter(has_text=f"Order {OPEN} is now Cancelled.")
    expect(said).to_be_attached()


def test_the_list_follows_what_the_bot_does(open_page: OpenPage, gateway: FakeGateway) -> None:
    shop = _as_ana(open_page, "/orders")
    expect(shop.order_card(OPEN)).to_contain_text("Awaiting Shipping")
    shop.chat.open().ask("hello", "You said: hello")
    gateway.shop.store.cancel(OPEN)
    gateway.conversation.say("bot", Reply("Done."))
    expect(shop.order_card(OPEN)).to_contain_text("Cancelled")


def test_a_message_to_the_seller_appears_on_the_order(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    shop = _as_ana(open_page, f"/orders/{OPEN}")
    shop.chat.open().ask("hello", "You said: hello")
    text = "<b>Is it</b> waterproof?"
    gateway.shop.store.send_seller_message(
        OPEN, customer_id="C100", text=text, idempotency_key="bot"
    )
    gateway.conversation.say("bot", Reply("Sent."))
    messages = shop.main.get_by_role("region", name="Messages with Northwind Outdoor")
    expect(messages).to_contain_text(text)


def test_a_page_that_is_looked_at_again_is_up_to_date(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    shop = _as_ana(open_page, f"/orders/{OPEN}")
    expect(shop.main).to_contain_text("Awaiting Shipping")
    gateway.shop.store.cancel(OPEN)
    shop.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(shop.main.locator(".pill")).to_have_text("Cancelled")


@pytest.mark.parametrize("number", [BENS, "8100249999"])
def test_an_order_of_somebody_else_does_not_exist(open_page: OpenPage, number: str) -> None:
    shop = _as_ana(open_page, f"/orders/{number}")
    expect(shop.main.get_by_role("heading", name="You have no such order")).to_be_visible()
    expect(shop.main).not_to_contain_text("Linen Table Cloth")


def test_the_next_customer_sees_nothing_of_the_one_before(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, f"/orders/{SHIPPED}")
    expect(shop.main).to_contain_text("12 Alder Street")
    shop.sign_in("Ben Okafor")
    expect(shop.main.get_by_role("heading", name="You have no such order")).to_be_visible()
    expect(shop.main).not_to_contain_text("12 Alder Street")
    shop.sign_in("Guest")
    expect(shop.main.get_by_role("heading", name="Sign in to see your orders")).to_be_visible()


def test_my_shipping_addresses_are_those_of_the_customer(open_page: OpenPage) -> None:
    shop = _as_ana(open_page, "/orders")
    shop.main.get_by_role("link", name="My Shipping Addresses").click()
    expect(shop.main.get_by_role("listitem")).to_have_count(2)
    expect(shop.main.get_by_role("listitem").first).to_contain_text("Default")
    shop.sign_in("Ben Okafor")
    expect(shop.main).to_contain_text("Leeds")
    expect(shop.main).not_to_contain_text("Portland")


def test_a_guest_signs_in_from_my_orders(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/orders"))
    shop.press("Ben Okafor")
    expect(shop.order_card(BENS)).to_contain_text("Linen Table Cloth")
    expect(shop.account).to_have_value("C101")


def test_a_guest_finds_an_order_by_number_and_email_through_the_chat(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/orders"))
    shop.page.get_by_label("Order number").fill(BENS)
    shop.page.get_by_label("E-mail").fill("ben@example.com")
    shop.press("Find my order")
    shop.expect_asked(f"Where is my order {BENS}? My e-mail is ben@example.com")


def test_a_guest_at_an_order_is_asked_to_sign_in_and_then_sees_it(open_page: OpenPage) -> None:
    shop = ShopPage(open_page(f"/orders/{OPEN}"))
    expect(shop.page.get_by_label("Order number")).to_have_value(OPEN)
    shop.press("Ana Torres")
    expect(shop.main).to_contain_text("Trail Rain Jacket")


def test_somebody_without_orders_is_shown_the_shop(open_page: OpenPage) -> None:
    shop = ShopPage(open_page("/orders")).sign_in("Elif Kaya")
    expect(shop.main.get_by_role("heading", name="No orders yet")).to_be_visible()


@pytest.mark.parametrize("path", ["/orders", f"/orders/{OPEN}"])
def test_orders_that_cannot_be_read_can_be_tried_again(
    open_page: OpenPage, gateway: FakeGateway, path: str
) -> None:
    gateway.shop.store.is_away = True
    shop = _as_ana(open_page, path)
    expect(shop.main.get_by_role("alert")).to_contain_text("cannot be shown right now")
    gateway.shop.store.is_away = False
    shop.press("Try again")
    expect(shop.main).to_contain_text("Trail Rain Jacket")


def test_a_store_that_goes_away_takes_nothing_off_the_page(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    shop = _as_ana(open_page, f"/orders/{OPEN}")
    expect(shop.main).to_contain_text("Trail Rain Jacket")
    gateway.shop.store.is_away = True
    with shop.page.expect_response(re.compile("/demo/orders/")):
        shop.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(shop.main).to_contain_text("Trail Rain Jacket")
