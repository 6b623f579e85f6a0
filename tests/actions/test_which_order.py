import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore


async def test_a_number_in_the_text_wins(ana: Conversation) -> None:
    await ana.says("order_status", order_number="8100240004")
    assert ana.cards[0]["number"] == "8100240004"


async def test_the_only_order_that_fits_needs_no_question(ana: Conversation) -> None:
    ana.customer_id = "C107"
    assert await ana.says("cancel_order") == ["utter_ask_cancel_confirmation"]
    assert "8100240079" in ana.text


async def test_several_orders_are_a_choice_with_number_item_date_and_status(
    ana: Conversation,
) -> None:
    assert await ana.says("cancel_order") == ["utter_ask_which_order"]
    assert ana.choices == [
        "8100240001 · Ceramic Mug Set (4) · May 4 · Awaiting Payment",
        "8100240002 · Trail Rain Jacket · May 4 · Awaiting Shipping",
    ]


async def test_no_more_than_five_orders_are_offered(ana: Conversation) -> None:
    ana.customer_id = "C107"
    await ana.says("order_details")
    assert len(ana.choices) == 5


async def test_a_tapped_order_goes_on_with_the_flow(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.taps("8100240002") == ["utter_ask_cancel_confirmation"]
    assert "8100240002" in ana.text


async def test_the_only_order_is_taken_even_if_it_does_not_fit(ana: Conversation) -> None:
    ana.customer_id = "C103"
    assert await ana.says("cancel_order") == ["utter_cancel_shipped"]


async def test_cancelling_is_not_offered_where_no_order_can_be_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    for number in ("8100240001", "8100240002"):
        store.set_status(number, OrderStatus.COMPLETED)
    assert await ana.says("cancel_order") == ["utter_nothing_to_cancel"]
    assert [order["status_text"] for order in ana.cards[0]["orders"]][2:] == [
        "Awaiting Delivery",
        "Cancelled",
        "Completed",
    ]
    assert ana.awaiting is None
    assert await ana.taps("Contact a seller") == ["utter_ask_which_order"]


async def test_an_unknown_number_is_not_followed_by_orders_too_late_to_cancel(
    ana: Conversation, store: TroubledStore
) -> None:
    for number in ("8100240001", "8100240002"):
        store.set_status(number, OrderStatus.COMPLETED)
    said = await ana.says("cancel_order", order_number="9999999999")
    assert said == ["utter_order_not_found", "utter_nothing_to_cancel"]


async def test_an_order_named_by_its_product_is_told_why_it_cannot_be_cancelled(
    ana: Conversation, store: TroubledStore
) -> None:
    for number in ("8100240001", "8100240002"):
        store.set_status(number, OrderStatus.COMPLETED)
    said = await ana.says("cancel_order", product="Wireless Earbuds Pro")
    assert said == ["utter_cancel_shipped"]


async def test_a_shopper_without_orders_is_told_so(ana: Conversation) -> None:
    ana.customer_id = "C104"
    assert await ana.says("order_status") == ["utter_no_orders"]
    assert ana.awaiting is None


async def test_a_product_in_the_text_picks_its_order(ana: Conversation) -> None:
    await ana.says("order_status", product="Wireless Earbuds Pro")
    assert ana.cards[0]["number"] == "8100240003"


async def test_a_product_that_was_never_ordered_picks_nothing(ana: Conversation) -> None:
    assert await ana.says("order_status", product="Scented Candle") == ["utter_ask_which_order"]


@pytest.mark.parametrize(("reference", "number"), [("latest", "8100240001"), ("2", "8100240002")])
async def test_an_order_can_be_picked_from_the_list_in_words(
    ana: Conversation, reference: str, number: str
) -> None:
    await ana.says("order_status")
    await ana.says("inform", order_reference=reference)
    assert ana.cards[0]["number"] == number


async def test_this_order_is_the_one_talked_about_last(ana: Conversation) -> None:
    await ana.says("order_status", order_number="8100240002")
    await ana.says("cancel_order", order_reference="this")
    assert ana.cards[0]["number"] == "8100240002"


async def test_a_place_beyond_the_list_asks_again(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("inform", order_reference="5") == ["utter_ask_which_order"]


@pytest.mark.parametrize("flow", ["order_status", "order_details", "cancel_order"])
async def test_the_order_of_somebody_else_answers_as_if_it_did_not_exist(
    ana: Conversation, flow: str
) -> None:
    others = await ana.says(flow, order_number="8100240011"), ana.text
    ana.slots.clear()
    unknown = await ana.says(flow, order_number="9999999999"), ana.text
    assert others[0] == unknown[0] == ["utter_order_not_found", "utter_ask_which_order"]
    assert others[1].replace("8100240011", "9999999999") == unknown[1]


async def test_an_unknown_number_without_any_orders_asks_nothing_more(ana: Conversation) -> None:
    ana.customer_id = "C104"
    said = await ana.says("order_status", order_number="8100240002")
    assert said == ["utter_order_not_found", "utter_no_orders"]


async def test_a_no_to_the_choice_leaves_the_flow(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("deny") == ["utter_stopped"]
    assert ana.awaiting is None
