"""A guest who signs in within the conversation: what was proven ends, and the flow goes on."""

import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
EMAIL = "ana@example.com"


def sign_in(guest: Conversation, customer_id: str) -> None:
    """Go on as the gateway does: same conversation, new session, now a customer's."""
    guest.customer_id, guest.session_id = customer_id, "session-of-customer"


async def test_order_proven_as_a_guest_is_not_another_customers_to_cancel(
    guest: Conversation, store: TroubledStore
) -> None:
    said = await guest.says("cancel_order", order_number=OPEN, email=EMAIL)
    assert said == ["utter_ask_cancel_confirmation"]
    sign_in(guest, "C101")
    await guest.says("affirm")
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING
    assert OPEN not in {card.get("number") for card in guest.cards}


@pytest.mark.parametrize("intent", ["order_status", "order_details", "contact_seller"])
async def test_order_proven_as_a_guest_does_not_exist_for_another_customer(
    guest: Conversation, intent: str
) -> None:
    await guest.says("order_status", order_number=OPEN, email=EMAIL)
    sign_in(guest, "C101")
    proven = await guest.says(intent, order_number=OPEN)
    assert not guest.cards
    assert proven == await guest.says(intent, order_number="9999999999")


async def test_own_order_goes_on_where_the_guest_was(
    guest: Conversation, store: TroubledStore
) -> None:
    await guest.says("cancel_order", order_number=OPEN, email=EMAIL)
    sign_in(guest, "C100")
    await guest.says("affirm")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_customer_is_no_longer_asked_to_prove_an_order(guest: Conversation) -> None:
    assert await guest.says("order_status", order_number=OPEN) == ["utter_ask_email"]
    sign_in(guest, "C100")
    assert await guest.says("order_status", order_number=OPEN) == ["utter_status_awaiting_shipping"]


async def test_email_typed_after_sign_in_proves_nothing(guest: Conversation) -> None:
    assert await guest.says("order_status", order_number=OPEN) == ["utter_ask_email"]
    sign_in(guest, "C101")
    await guest.says("inform", email=EMAIL)
    assert OPEN not in {card.get("number") for card in guest.cards}
