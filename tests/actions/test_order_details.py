from dataclasses import replace

import pytest

from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("8100240001", "Awaiting Payment"),
        ("8100240002", "Awaiting Shipping"),
        ("8100240003", "Awaiting Delivery"),
        ("8100240004", "Completed"),
        ("8100240005", "Cancelled"),
    ],
)
async def test_details_are_shown_in_each_status(ana: Conversation, number: str, shown: str) -> None:
    assert await ana.says("order_details", order_number=number) == ["utter_order_details"]
    assert shown in ana.text
    assert ana.cards[0]["status_text"] == shown


async def test_the_card_holds_items_prices_address_and_payment(ana: Conversation) -> None:
    await ana.says("order_details", order_number="8100240003")
    card = ana.cards[0]
    assert [item["variant"] for item in card["items"]] == ["White, Pro 2", "US plug"]
    assert (card["total_minor"], card["currency"]) == (11997, "USD")
    assert card["address"]["lines"][0] == "12 Alder Street"


async def test_the_total_is_told_in_its_currency(ana: Conversation) -> None:
    await ana.says("order_details", order_number="8100240003")
    assert "$119.97" in ana.text


async def test_a_guest_sees_street_and_email_masked(guest: Conversation) -> None:
    await guest.says("order_details", order_number="8100240003", email="ana@example.com")
    assert guest.cards[0]["address"]["lines"][0] == "1•••"
    assert "a•••@example.com" in guest.text
    assert "ana@example.com" not in guest.text


async def test_the_text_alone_tells_items_payment_and_address(ana: Conversation) -> None:
    await ana.says("order_details", order_number="8100240003")
    assert "1 × Wireless Earbuds Pro (White, Pro 2) and 2 × USB-C 65W Charger" in ana.text
    assert "Payment: Visa ending 4242." in ana.text
    assert "Ana Torres, 12 Alder Street, Portland" in ana.text


async def test_what_the_card_masks_is_masked_in_a_guests_text_too(guest: Conversation) -> None:
    await guest.says("order_details", order_number="8100240003", email="ana@example.com")
    assert "A••• T•••, 1•••, Portland" in guest.text
    assert not any(known in guest.text for known in ("Torres", "Alder", "4242"))


async def test_what_the_shop_does_not_know_is_left_out(
    ana: Conversation, store: TroubledStore
) -> None:
    order = store.orders["8100240003"]
    store.orders[order.number] = replace(order, payment=None, address=None)
    await ana.says("order_details", order_number=order.number)
    assert ana.text.rstrip().endswith("shipping included.")
