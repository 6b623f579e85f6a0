from dataclasses import replace

import pytest

from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

SHIPPED = "8100240003"


@pytest.mark.parametrize(
    ("number", "response", "shown"),
    [
        ("8100240001", "utter_status_awaiting_payment", "Awaiting Payment"),
        ("8100240002", "utter_status_awaiting_shipping", "Awaiting Shipping"),
        (SHIPPED, "utter_status_shipped_expected", "Awaiting Delivery"),
        ("8100240004", "utter_status_delivered_on", "Completed"),
        ("8100240005", "utter_cancelled_changed_mind", "cancelled"),
    ],
)
async def test_each_status_is_told_with_the_order_card(
    ana: Conversation, number: str, response: str, shown: str
) -> None:
    assert await ana.says("order_status", order_number=number) == [response]
    assert shown in ana.text
    assert ana.cards[0]["number"] == number


async def test_a_shipped_order_comes_with_carrier_tracking_and_date(ana: Conversation) -> None:
    await ana.says("order_status", order_number=SHIPPED)
    assert "UPS" in ana.text
    assert "1Z999AA10123456784" in ana.text
    assert "Tue, May 5" in ana.text


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("8100240002", "Order 8100240002 (Trail Rain Jacket) is"),
        (SHIPPED, "Order 8100240003 (Wireless Earbuds Pro + 1 more) is"),
        ("8100240005", "Order 8100240005 (Summit 45L Backpack) was cancelled"),
    ],
)
async def test_the_text_alone_says_what_is_in_the_order(
    ana: Conversation, number: str, name: str
) -> None:
    await ana.says("order_status", order_number=number)
    assert ana.text.startswith(name)


async def test_dates_are_in_the_time_zone_of_the_shopper(ana: Conversation) -> None:
    ana.time_zone = "Pacific/Kiritimati"
    await ana.says("order_status", order_number=SHIPPED)
    assert "Wed, May 6" in ana.text


async def test_a_late_order_offers_to_ask_the_seller(
    ana: Conversation, store: TroubledStore
) -> None:
    ana.customer_id = "C101"
    assert await ana.says("order_status", order_number="8100240012") == [
        "utter_status_shipped_late"
    ]
    assert await ana.says("affirm") == ["utter_seller", "utter_ask_seller_message"]


async def test_a_shipment_without_a_date_says_so(ana: Conversation, store: TroubledStore) -> None:
    order = store.orders[SHIPPED]
    assert order.shipment
    store.orders[SHIPPED] = replace(order, shipment=replace(order.shipment, expected_at=None))
    assert await ana.says("order_status", order_number=SHIPPED) == ["utter_status_shipped"]


async def test_a_shipped_order_without_a_shipment_says_so(
    ana: Conversation, store: TroubledStore
) -> None:
    store.orders[SHIPPED] = replace(store.orders[SHIPPED], shipment=None)
    said = await ana.says("order_status", order_number=SHIPPED)
    assert said == ["utter_status_shipped_untracked"]


async def test_a_completed_order_without_a_delivery_date_says_only_that(
    ana: Conversation, store: TroubledStore
) -> None:
    store.orders["8100240004"] = replace(store.orders["8100240004"], shipment=None)
    said = await ana.says("order_status", order_number="8100240004")
    assert said == ["utter_status_completed"]


async def test_a_cancelled_order_without_a_date_says_only_that(
    ana: Conversation, store: TroubledStore
) -> None:
    store.orders["8100240005"] = replace(store.orders["8100240005"], cancelled_at=None)
    said = await ana.says("order_status", order_number="8100240005")
    assert said == ["utter_cancelled_some_time"]
