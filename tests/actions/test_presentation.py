from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.orders.model import OrderStatus
from actions.orders.shop_file import Shop
from actions.presentation import (
    Presentation,
    mask_email,
    mask_payment,
    mask_street,
    plain,
    reason_text,
    status_text,
    summarise_items,
)
from actions.turn import Session

NIGHT = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)


def show(locale: str = "en", time_zone: str = "UTC", customer: str | None = "C") -> Presentation:
    return Presentation.for_session(Session("s", "m", customer, "", time_zone, locale))


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (OrderStatus.AWAITING_PAYMENT, "Awaiting Payment"),
        (OrderStatus.AWAITING_SHIPPING, "Awaiting Shipping"),
        (OrderStatus.AWAITING_DELIVERY, "Awaiting Delivery"),
        (OrderStatus.COMPLETED, "Completed"),
        (OrderStatus.CANCELLED, "Cancelled"),
    ],
)
def test_statuses_are_shown_as_the_shop_names_them(status: OrderStatus, text: str) -> None:
    assert status_text(status) == text


@pytest.mark.parametrize(
    ("locale", "amount_minor", "currency", "text"),
    [
        ("en", 119970, "USD", "$1,199.70"),
        ("de", 119970, "EUR", "1.199,70\u00a0€"),
        ("en-GB", 500, "JPY", "JP¥500"),
        ("en", 1234, "KWD", "KWD1.234"),
        ("ar", 1234, "KWD", "\u200f1.234\u00a0د.ك.\u200f"),
        ("ja", 1_234_567, "JPY", "￥1,234,567"),
        ("en", 0, "USD", "$0.00"),
        ("en", -500, "USD", "-$5.00"),
        ("en", -1, "KWD", "-KWD0.001"),
        ("en", 9_223_372_036_854_775_807, "USD", "$92,233,720,368,547,758.07"),
        ("en", 500, "QQQ", "QQQ5.00"),
        ("en", 500, "", "5.00"),
    ],
)
def test_money_follows_currency_and_locale(
    locale: str, amount_minor: int, currency: str, text: str
) -> None:
    assert show(locale).money(amount_minor, currency) == text


def test_dates_follow_the_time_zone() -> None:
    assert show().day(NIGHT) == "May 4, 2026"
    assert show(time_zone="Europe/Berlin").day(NIGHT) == "May 5, 2026"
    assert show(time_zone="Europe/Berlin").short_day(NIGHT) == "Tue, May 5"


@pytest.mark.parametrize("name", ["Nowhere/Town", "", "../../etc/passwd", "Europe"])
def test_a_time_zone_that_does_not_exist_is_utc(name: str) -> None:
    assert show(time_zone=name).day(NIGHT) == "May 4, 2026"


@pytest.mark.parametrize("name", ["xx-YY", "", "not a locale"])
def test_a_locale_that_does_not_exist_is_english(name: str) -> None:
    assert show(name).money(100, "USD") == "$1.00"


def test_waits_are_rounded_up_to_minutes() -> None:
    assert show().minutes(61) == "2 minutes"
    assert show().minutes(60) == "1 minute"


def test_emails_and_streets_are_masked_after_one_sign() -> None:
    assert mask_email("ana@example.com") == "a•••@example.com"
    assert mask_street("12 Alder Street") == "1•••"


def test_a_summary_names_the_first_item_and_counts_the_rest(shop: Shop) -> None:
    orders = {order.number: order for order in shop.orders}
    assert summarise_items(orders["8100240003"].items) == "Wireless Earbuds Pro + 1 more"
    assert summarise_items(orders["8100240002"].items) == "Trail Rain Jacket"
    assert summarise_items(()) == ""


def test_an_order_card_holds_what_the_contract_names(shop: Shop) -> None:
    card = show().order_card(shop.orders[2])
    assert set(card) == {
        *("type", "number", "status", "status_text", "placed_at", "items", "items_left_out"),
        *("shipping_minor", "total_minor", "currency", "seller", "shipment", "address"),
        *("payment", "cancelled_at", "cancel_reason"),
    }
    assert card["shipment"]["tracking_number"] == "1Z999AA10123456784"
    assert card["placed_at"].endswith("+00:00")


def test_only_guests_see_the_street_masked(shop: Shop) -> None:
    own = show().order_card(shop.orders[0])["address"]["lines"]
    guests = show(customer=None).order_card(shop.orders[0])["address"]["lines"]
    assert own == ["12 Alder Street", "Portland, OR 97205", "US"]
    assert guests == ["1•••", "Portland, OR 97205", "US"]


def test_only_guests_see_the_recipient_and_the_payment_masked(shop: Shop) -> None:
    own = show().order_card(shop.orders[0])
    guests = show(customer=None).order_card(shop.orders[0])
    assert (own["address"]["recipient"], own["payment"]) == ("Ana Torres", "Visa ending 4242")
    assert guests["address"]["recipient"] == "A••• T•••"
    assert guests["payment"] == "Visa ending •••"


@pytest.mark.parametrize(
    ("payment", "masked"),
    [
        ("PayPal", "PayPal"),
        ("PayPal (ana@example.com)", "PayPal (a•••@example.com)"),
        ("IBAN DE89 3704 0044", "IBAN DE••• ••• •••"),
        ("", ""),
    ],
)
def test_a_payment_keeps_its_kind_only(payment: str, masked: str) -> None:
    assert mask_payment(payment) == masked


def test_a_card_holds_fifty_items_and_says_how_many_it_leaves_out(shop: Shop) -> None:
    order = replace(shop.orders[0], items=shop.orders[0].items * 10_000)
    card = show().order_card(order)
    assert (len(card["items"]), card["items_left_out"]) == (50, 9950)
    assert show().order_card(shop.orders[0])["items_left_out"] == 0


@pytest.mark.parametrize("title", ["x" * 100_000, "very long " * 10_000, "長い" * 50_000])
def test_a_very_long_title_is_cut_in_cards_and_choices(shop: Shop, title: str) -> None:
    item = replace(shop.orders[0].items[0], title=title, attributes={"size": title})
    order = replace(shop.orders[0], items=(item, item))
    card = show().order_card(order)
    assert len(card["items"][0]["title"]) <= 200
    assert len(card["items"][0]["variant"]) <= 200
    assert len(show().choice_title(order)) < 150
    assert show().choice_title(order).endswith("… + 1 more · May 4 · Awaiting Payment")


def test_an_order_without_items_is_named_without_a_gap(shop: Shop) -> None:
    title = show().choice_title(replace(shop.orders[0], items=()))
    assert title == "8100240001 · May 4 · Awaiting Payment"
    assert show().order_name(replace(shop.orders[0], items=())) == "8100240001"


def test_an_order_without_address_and_shipment_has_a_card_too(shop: Shop) -> None:
    card = show().order_card(replace(shop.orders[0], address=None, shipment=None))
    assert (card["address"], card["shipment"]) == (None, None)


@pytest.mark.parametrize("reason", [None, "", "other", "fraud_suspected"])
def test_a_reason_that_no_shopper_chose_from_is_not_shown(reason: str | None) -> None:
    assert reason_text(reason) is None


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("see https://evil.example/a now", r"see https\://evil.example/a now"),
        ("HTTP://x.example", r"HTTP\://x.example"),
        ("- one\n  • two\n## three", "\\- one\n  \\• two\n\\## three"),
        ("1. one\n2) two", "1\\. one\n2\\) two"),
        ("-5, #1 at 10:30, 2.5 kg - fine", "-5, #1 at 10:30, 2.5 kg - fine"),
        ("{order_number} {0[x]}", "{order_number} {0\\[x\\]}"),
    ],
)
def test_the_words_of_others_become_no_links_lists_or_headings(text: str, escaped: str) -> None:
    assert plain(text) == escaped


def test_markup_is_escaped() -> None:
    assert plain("**a** [b](c) `d` \\ 0[e]") == r"\*\*a\*\* \[b\](c) \`d\` \\ 0\[e\]"
