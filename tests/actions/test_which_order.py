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


async def test_a_place_beyond_the_list_is_told_how_long_it_is(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("inform", order_reference="5") == ["utter_ask_which_of_list"]
    assert "I listed 2 orders" in ana.text


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({"color": "blue"}, "8100240002"),
        ({"size": "m"}, "8100240002"),
        ({"color": "Blue", "size": "M"}, "8100240002"),
        ({"color": "sand"}, "8100240001"),
        ({"product": "Ceramic Mug Set (4)", "color": "blue"}, "8100240001"),
        ({"product": "Ceramic Mug Set (4)"}, "8100240001"),
        ({"order_reference": "last"}, "8100240002"),
        ({"order_reference": "oldest"}, "8100240002"),
        ({"order_reference": "latest"}, "8100240001"),
        ({"order_reference": "2"}, "8100240002"),
        ({"model": "US plug"}, "8100240003"),
    ],
)
@pytest.mark.parametrize("intent", ["inform", "out_of_scope", "affirm", "cancel_order"])
async def test_an_order_of_the_list_can_be_described(
    ana: Conversation, intent: str, words: dict[str, str], number: str
) -> None:
    await ana.says("cancel_order")
    await ana.says(intent, **words)
    assert ana.cards[0]["number"] == number


async def test_a_place_means_the_list_that_was_shown(
    ana: Conversation, store: TroubledStore
) -> None:
    ana.customer_id = "C106"
    await ana.says("order_status", product="USB-C 65W Charger")
    listed = [title.split(" ")[0] for title in ana.choices]
    assert len(listed) < len(await _status_choices(ana))
    ana.slots.clear()
    await ana.says("order_status", product="USB-C 65W Charger")
    await ana.says("inform", order_reference="2")
    assert ana.cards[0]["number"] == listed[1]


async def _status_choices(ana: Conversation) -> list[str]:
    ana.slots.clear()
    await ana.says("order_status")
    return ana.choices


async def test_the_same_list_is_shown_again_after_a_question_in_between(
    ana: Conversation,
) -> None:
    ana.customer_id = "C106"
    await ana.says("order_status", product="USB-C 65W Charger")
    listed = ana.choices
    assert await ana.says("greet") == ["utter_greet", "utter_ask_which_order"]
    assert list(ana.replies[-1].choices) == listed


async def test_a_place_in_the_list_may_come_with_another_wish(ana: Conversation) -> None:
    await ana.says("order_status")
    await ana.says("cancel_order", "cancel the second one", order_reference="2")
    assert ana.cards[0]["number"] == "8100240002"


@pytest.mark.parametrize("first", [{"order_reference": "2"}, {"order_reference": "last"}])
async def test_without_a_list_a_place_means_nothing_and_the_last_is_the_latest(
    ana: Conversation, first: dict[str, str]
) -> None:
    said = await ana.says("order_details", **first)
    is_place = first == {"order_reference": "2"}
    assert said == (["utter_ask_which_order"] if is_place else ["utter_order_details"])
    assert is_place or ana.cards[0]["number"] == "8100240001"


async def test_the_size_of_a_wrong_item_may_be_the_one_that_was_wanted(ana: Conversation) -> None:
    said = await ana.says("wrong_item", "should have been M", size="M")
    assert said == ["utter_ask_which_order"]
    await ana.says("inform", "the M", size="M")
    assert ana.cards[0]["number"] == "8100240002"


async def test_a_description_that_fits_no_order_asks_for_another(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("inform", color="pink") == ["utter_ask_which_order"]
    assert len(ana.choices) == 2


async def test_none_of_the_listed_orders_asks_for_the_number(ana: Conversation) -> None:
    await ana.says("cancel_order")
    said = await ana.says("deny", "none of these", order_reference="none")
    assert said == ["utter_ask_order_number"]
    assert await ana.says("inform", order_number="8100240004") == ["utter_cancel_delivered"]


async def test_none_of_them_is_no_way_to_name_an_order(ana: Conversation) -> None:
    assert await ana.says("cancel_order", order_reference="none") == ["utter_ask_which_order"]


async def test_no_to_both_leaves_the_flow(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("deny", order_reference="both") == ["utter_stopped"]


async def test_a_yes_to_a_list_of_one_takes_it(ana: Conversation) -> None:
    ana.customer_id = "C103"
    said = await ana.says("order_status", order_number="9999999999")
    assert said == ["utter_order_not_found", "utter_ask_which_order"]
    await ana.says("affirm")
    assert ana.cards[0]["number"] == "8100240031"


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
