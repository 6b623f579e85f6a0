"""Several questions in one breath, of which more than one asks something back."""

import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation, part, unclear
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"
EMAIL = "ana@example.com"
BUYING = "faq/how_do_i_purchase_an_item"

CONFIRM = "utter_ask_cancel_confirmation"
STATUS = {
    OPEN: "utter_status_awaiting_shipping",
    UNPAID: "utter_status_awaiting_payment",
    SHIPPED: "utter_status_shipped_expected",
}


async def test_two_questions_back_are_asked_one_after_the_other(
    ana: Conversation, store: TroubledStore
) -> None:
    said = await ana.asks_several(
        part("cancel_order", order_number=OPEN),
        part("contact_seller", "write to the *seller*", order_number=SHIPPED),
    )
    assert said == ["utter_later", CONFIRM]
    assert r"write to the \*seller\*" in ana.text
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]
    said = await ana.taps("Skip")
    assert said == ["utter_cancel_reason_skipped", "utter_seller", "utter_ask_seller_message"]
    assert ana.cards[0]["order_number"] == SHIPPED
    assert ana.slots["pending"] == []


async def test_what_waits_comes_after_a_no_as_well(ana: Conversation) -> None:
    await ana.asks_several(
        part("cancel_order", order_number=OPEN), part("cancel_order", order_number=UNPAID)
    )
    assert await ana.says("deny") == ["utter_order_kept", CONFIRM]
    assert ana.numbers == [UNPAID]


async def test_what_waits_outlives_a_question_in_between(ana: Conversation) -> None:
    await ana.asks_several(
        part("cancel_order", order_number=OPEN), part("contact_seller", order_number=SHIPPED)
    )
    assert await ana.says("order_status", order_number=UNPAID) == [STATUS[UNPAID], CONFIRM]
    said = await ana.says("deny", order_number=OPEN)
    assert said == ["utter_order_kept", "utter_seller", "utter_ask_seller_message"]


@pytest.mark.parametrize("intent", ["stop", "goodbye"])
async def test_never_mind_drops_what_waits_too(ana: Conversation, intent: str) -> None:
    await ana.asks_several(
        part("cancel_order", order_number=OPEN), part("contact_seller", order_number=SHIPPED)
    )
    await ana.says(intent)
    assert (ana.awaiting, ana.slots["pending"]) == (None, [])


async def test_what_waits_does_not_wait_for_an_offer(ana: Conversation) -> None:
    await ana.asks_several(part("wrong_item"), part("contact_seller", order_number=OPEN))
    said = await ana.says("inform", order_number=UNPAID)
    assert said == [
        "utter_wrong_item_cancel_and_reorder",
        "utter_seller",
        "utter_ask_seller_message",
    ]


async def test_an_offer_stands_when_what_waited_asks_nothing(ana: Conversation) -> None:
    await ana.asks_several(part("wrong_item"), part("order_status"))
    said = await ana.says("inform", order_number=OPEN)
    assert said == ["utter_wrong_item_cancel_and_reorder", STATUS[OPEN]]
    assert await ana.says("affirm") == [CONFIRM]


async def test_the_order_that_is_asked_for_serves_the_second_part(ana: Conversation) -> None:
    said = await ana.asks_several(part("order_status"), part("order_details", "what is in it"))
    assert said == ["utter_later", "utter_ask_which_order"]
    assert await ana.says("inform", order_number=OPEN) == [STATUS[OPEN], "utter_order_details"]
    assert ana.numbers == [OPEN, OPEN]


async def test_the_same_asked_twice_asks_back_once(ana: Conversation) -> None:
    said = await ana.asks_several(part("order_status"), part("order_status", "when is it here"))
    assert said == ["utter_ask_which_order"]
    assert await ana.says("inform", order_number=OPEN) == [STATUS[OPEN]]


async def test_an_unclear_part_is_asked_about_last(ana: Conversation) -> None:
    said = await ana.asks_several(
        unclear("order_details", "cancel_order", order_number=OPEN),
        part("order_status", order_number=SHIPPED),
    )
    assert said == [STATUS[SHIPPED], "utter_did_you_mean"]
    await ana.taps("What is in my order?")
    assert ana.numbers == [OPEN]


async def test_an_unclear_part_waits_for_the_question_before_it(ana: Conversation) -> None:
    said = await ana.asks_several(
        unclear("order_details", BUYING), part("cancel_order", order_number=OPEN)
    )
    assert said == ["utter_later", CONFIRM]
    assert await ana.says("deny", order_number=OPEN) == ["utter_order_kept", "utter_did_you_mean"]


async def test_an_interrupted_question_comes_back_after_that_of_a_part(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(
        part("contact_seller", order_number=SHIPPED), part("order_status", order_number=UNPAID)
    )
    assert said == ["utter_seller", STATUS[UNPAID], "utter_ask_seller_message"]
    await ana.says("out_of_scope", "Hi")
    assert await ana.says("affirm") == ["utter_seller_message_sent", CONFIRM]


async def test_what_an_answered_question_interrupted_comes_back_in_the_end(
    ana: Conversation,
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hi")
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(part("affirm"), part("cancel_order", order_number=UNPAID))
    assert said == ["utter_cancelled", CONFIRM]
    said = await ana.says("deny", order_number=UNPAID)
    assert said == ["utter_order_kept", "utter_ask_seller_confirmation"]


async def test_all_orders_are_told_before_the_open_question_is_asked_again(
    ana: Conversation,
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("order_status", order_reference="all")
    assert said == [STATUS[UNPAID], STATUS[OPEN], STATUS[SHIPPED], CONFIRM]


async def test_a_guest_proves_one_order_after_the_other(guest: Conversation) -> None:
    said = await guest.asks_several(
        part("order_status", order_number=OPEN), part("order_status", order_number=SHIPPED)
    )
    assert said == ["utter_later", "utter_ask_email"]
    assert await guest.says("inform", email=EMAIL) == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_a_wrong_email_is_not_kept_for_what_waits(guest: Conversation) -> None:
    await guest.asks_several(
        part("order_status", order_number=OPEN, email="ben@example.com"),
        part("order_status", order_number=SHIPPED),
    )
    assert await guest.says("inform", email=EMAIL) == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_what_was_done_stays_done_when_what_waits_cannot_be_answered(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.asks_several(
        part("contact_seller", order_number=OPEN),
        part("cancel_order", product="Ceramic Mug Set (4)"),
    )
    await ana.says("out_of_scope", "Hi")
    store.before_listing = lambda: setattr(store, "is_down", True)
    said = await ana.says("affirm")
    assert said == ["utter_seller_message_sent", "utter_store_unavailable"]
    assert (ana.awaiting, len(store.messages)) == ("person", 1)


async def test_both_orders_of_a_list_are_taken_one_after_the_other(ana: Conversation) -> None:
    await ana.says("cancel_order")
    said = await ana.says("inform", "both", order_reference="both")
    assert said == ["utter_later", CONFIRM]
    assert ana.numbers == [UNPAID]
    assert await ana.says("deny", order_number=UNPAID) == ["utter_order_kept", CONFIRM]
    assert ana.numbers == [OPEN]


async def test_all_of_a_few_orders_are_told_at_once(ana: Conversation) -> None:
    await ana.says("order_status")
    await ana.says("inform", "all of them", order_reference="all")
    assert ana.numbers == [UNPAID, OPEN, SHIPPED]
    assert ana.awaiting is None


async def test_all_orders_may_be_one_of_several_questions(ana: Conversation) -> None:
    said = await ana.asks_several(part("order_status", order_reference="all"), part(BUYING))
    assert said == [STATUS[UNPAID], STATUS[OPEN], STATUS[SHIPPED], f"utter_{BUYING}"]


@pytest.mark.parametrize("reference", ["both", "all"])
async def test_of_many_orders_the_shopper_chooses_the_first(
    ana: Conversation, reference: str
) -> None:
    ana.customer_id = "C107"
    said = await ana.says("order_details", order_reference=reference)
    assert said == ["utter_ask_one_order"]


async def test_all_orders_of_somebody_without_any_are_none(ana: Conversation) -> None:
    ana.customer_id = "C104"
    assert await ana.says("order_status", order_reference="all") == ["utter_no_orders"]


async def test_all_orders_that_are_too_late_to_cancel_are_told_so_at_once(
    ana: Conversation, store: TroubledStore
) -> None:
    for number in (OPEN, UNPAID):
        store.set_status(number, OrderStatus.COMPLETED)
    assert await ana.says("cancel_order", order_reference="all") == ["utter_nothing_to_cancel"]
