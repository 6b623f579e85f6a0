from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.orders.model import OrderStatus
from actions.orders.shop_file import Shop
from actions.presentation import (
    Presentation,
    mask_email,
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
        *("type", "number", "status", "status_text", "placed_at", "items", "shipping_minor"),
        *("total_minor", "currency", "seller", "shipment", "address", "payment"),
        *("cancelled_at", "cancel_reason"),
    }
    assert card["shipment"]["tracking_number"] == "1Z999AA10123456784"
    assert card["placed_at"].endswith("+00:00")


def test_only_guests_see_the_street_masked(shop: Shop) -> None:
    own = show().order_card(shop.orders[0])["address"]["lines"]
    guests = show(customer=None).order_card(shop.orders[0])["address"]["lines"]
    assert own == ["12 Alder Street", "Portland, OR 97205", "US"]
    assert guests == ["1•••", "Portland, OR 97205", "US"]


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
