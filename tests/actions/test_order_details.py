import pytest

from tests.actions.conversation import Conversation


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
