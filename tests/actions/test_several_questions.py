"""Messages with several questions, each with what the model understood of its parts."""

from collections.abc import Mapping
from typing import Any

import pytest

from actions.orders.model import OrderStatus
from actions.orders.store import OrderStoreUnavailable
from tests.actions.conversation import Conversation, part
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"
EMAIL = "ana@example.com"
BUYING = "faq/how_do_i_purchase_an_item"
ADDRESS = "faq/how_do_i_configure_my_address"

CONFIRM = "utter_ask_cancel_confirmation"
STATUS = {
    OPEN: "utter_status_awaiting_shipping",
    UNPAID: "utter_status_awaiting_payment",
    SHIPPED: "utter_status_shipped_expected",
}


async def test_two_articles_are_both_given_in_order(ana: Conversation) -> None:
    said = await ana.asks_several(part(ADDRESS), part(BUYING))
    assert said == [f"utter_{ADDRESS}", f"utter_{BUYING}"]


async def test_the_steps_of_two_articles_are_offered_once(ana: Conversation) -> None:
    ana.steps = {"one": "wrong_item", "two": "contact_seller"}
    said = await ana.asks_several(part("faq/one"), part("faq/two"))
    assert said == ["utter_faq/one", "utter_faq/two", "utter_offer_contact_seller"]
    assert await ana.says("affirm") == ["utter_ask_which_order"]
    assert ana.slots["flow"] == "contact_seller"


async def test_an_offer_gives_way_to_a_question(ana: Conversation) -> None:
    ana.steps = {"one": "wrong_item"}
    said = await ana.asks_several(part("cancel_order", order_number=OPEN), part("faq/one"))
    assert said == ["utter_faq/one", CONFIRM]
    assert ana.awaiting == "cancel_confirmation"


async def test_the_list_of_orders_of_an_article_comes_after_the_other_answer(
    ana: Conversation,
) -> None:
    ana.steps = {"one": "order_status"}
    said = await ana.asks_several(part("faq/one"), part(BUYING))
    assert said == ["utter_faq/one", f"utter_{BUYING}", "utter_your_orders"]


async def test_the_status_of_two_orders_is_told(ana: Conversation) -> None:
    said = await ana.asks_several(
        part("order_status", order_number=OPEN), part("order_status", order_number=SHIPPED)
    )
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


@pytest.mark.parametrize("intent", ["order_status", "order_details", "cancel_order"])
async def test_a_question_about_two_orders_is_one_about_each(
    ana: Conversation, intent: str
) -> None:
    found = [("order_number", OPEN), ("order_number", UNPAID), ("order_number", OPEN)]
    await ana.sends(ana.message(intent, found))
    if intent == "cancel_order":
        await ana.says("deny", order_number=OPEN)
        assert ana.numbers == [UNPAID]
    else:
        assert ana.numbers == [OPEN, UNPAID]


async def test_the_order_that_is_asked_about_may_be_one_of_two(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(
        part("cancel_order", order_number=OPEN), part("cancel_order", order_number=UNPAID)
    )
    assert said == ["utter_later", CONFIRM]
    assert ana.numbers == [OPEN]


async def test_a_question_comes_last_and_once(ana: Conversation, store: TroubledStore) -> None:
    said = await ana.asks_several(
        part("cancel_order", order_number=OPEN), part("order_status", order_number=SHIPPED)
    )
    assert said == [STATUS[SHIPPED], CONFIRM]
    assert ana.numbers == [SHIPPED, OPEN]
    await ana.taps("Yes, cancel it")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_a_value_in_one_part_serves_the_others(ana: Conversation) -> None:
    said = await ana.asks_several(
        part("inform", order_number=OPEN), part("order_status"), part("cancel_order")
    )
    assert said == [STATUS[OPEN], CONFIRM]
    assert ana.numbers == [OPEN, OPEN]


@pytest.mark.parametrize(
    "beside", [("order_number", OPEN), ("product", "Trail Rain Jacket"), ("color", "blue")]
)
async def test_a_value_outside_all_parts_serves_them(
    ana: Conversation, beside: tuple[str, str]
) -> None:
    said = await ana.asks_several(
        part(BUYING), part("order_status"), part("cancel_order"), beside=[beside]
    )
    assert said == [f"utter_{BUYING}", STATUS[OPEN], CONFIRM]
    assert ana.numbers == [OPEN, OPEN]


async def test_an_email_outside_all_parts_serves_them(guest: Conversation) -> None:
    said = await guest.asks_several(
        part("order_status", order_number=OPEN),
        part("order_status", order_number=SHIPPED),
        beside=[("email", "ana@example.com")],
    )
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_the_order_of_the_first_part_serves_the_second(ana: Conversation) -> None:
    said = await ana.asks_several(
        part("order_status", product="Trail Rain Jacket"),
        part("cancel_order", order_reference="this"),
    )
    assert said == [STATUS[OPEN], CONFIRM]
    assert ana.numbers == [OPEN, OPEN]


async def test_the_other_order_is_other_than_that_of_the_first_part(ana: Conversation) -> None:
    await ana.asks_several(
        part("order_status", order_number=OPEN), part("cancel_order", order_reference="other")
    )
    assert ana.numbers == [OPEN, UNPAID]


@pytest.mark.parametrize("first", [{}, {"product": "Trail Rain Jacket"}])
async def test_a_value_after_its_question_completes_it(
    ana: Conversation, first: dict[str, str]
) -> None:
    said = await ana.asks_several(
        part("cancel_order", **first), part("inform", color="Blue", size="M"), part(BUYING)
    )
    assert said == [f"utter_{BUYING}", CONFIRM]
    assert ana.numbers == [OPEN]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"order_number": OPEN}, {"order_number": SHIPPED}),
        ({"order_number": OPEN}, {"product": "Wireless Earbuds Pro"}),
        ({"product": "Trail Rain Jacket"}, {"product": "Wireless Earbuds Pro"}),
    ],
)
async def test_a_second_order_is_a_second_question(
    ana: Conversation, first: dict[str, str], second: dict[str, str]
) -> None:
    said = await ana.asks_several(part("order_status", **first), part("inform", **second))
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_values_alone_are_each_looked_up(ana: Conversation) -> None:
    said = await ana.asks_several(
        part("inform", order_number=OPEN), part("inform", order_number=SHIPPED)
    )
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_a_number_before_a_question_with_another_is_a_question_of_its_own(
    ana: Conversation,
) -> None:
    said = await ana.asks_several(
        part("inform", order_number=OPEN), part("order_status", order_number=SHIPPED)
    )
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


@pytest.mark.parametrize("label", [BUYING, "order_status"])
async def test_the_same_asked_twice_is_answered_once(ana: Conversation, label: str) -> None:
    entities = {} if label == BUYING else {"order_number": OPEN}
    said = await ana.asks_several(part(label, **entities), part(label))
    assert len(said) == 1


async def test_no_more_than_four_parts_are_answered(ana: Conversation) -> None:
    said = await ana.asks_several(*(part(f"faq/article_{number}") for number in range(6)))
    assert said == [f"utter_faq/article_{number}" for number in range(4)]


@pytest.mark.parametrize("courtesy", ["greet", "thank_you", "affirm", "stop"])
async def test_courtesies_beside_a_question_need_no_answer(
    ana: Conversation, courtesy: str
) -> None:
    said = await ana.asks_several(part(courtesy), part("order_status", order_number=OPEN))
    assert said == [STATUS[OPEN]]


async def test_courtesies_alone_are_answered_as_one_message(ana: Conversation) -> None:
    assert await ana.asks_several(part("thank_you"), part("greet")) == ["utter_thank_you"]


async def test_a_part_that_is_not_understood_is_named(ana: Conversation) -> None:
    said = await ana.asks_several(
        part("out_of_scope", "do you sell gift cards"), part("order_status", order_number=OPEN)
    )
    assert said == ["utter_did_not_understand_part", STATUS[OPEN]]
    assert "gift cards" in ana.text
    assert ana.slots.get("misunderstandings", 0) == 0


async def test_a_long_part_is_quoted_in_short(ana: Conversation) -> None:
    await ana.asks_several(part("out_of_scope", "word " * 100), part(BUYING))
    assert len(ana.replies[0].text) < 120


async def test_parts_of_which_none_is_understood_are_one_misunderstanding(
    ana: Conversation,
) -> None:
    parts = part("out_of_scope", "red"), part("out_of_scope", "green")
    assert await ana.asks_several(*parts) == ["utter_did_not_understand"]
    assert await ana.asks_several(*parts) == ["utter_offer_person"]


async def test_the_first_part_may_answer_the_open_question(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(part("affirm", "yes"), part("order_status", order_number=SHIPPED))
    assert said == ["utter_cancelled", STATUS[SHIPPED], "utter_ask_cancel_reason"]
    assert store.orders[OPEN].status is OrderStatus.CANCELLED
    assert await ana.taps("It takes too long") == ["utter_cancel_reason_kept"]


async def test_a_later_part_may_answer_the_open_question(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(
        part("order_status", order_number=SHIPPED), part("deny", "do not cancel")
    )
    assert said == [STATUS[SHIPPED], "utter_order_kept_offer_others"]
    assert store.audit == []


async def test_no_part_answers_a_question_of_the_same_message(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("order_status")
    await ana.asks_several(part("cancel_order", order_number=OPEN), part("affirm", "yes"))
    assert (ana.awaiting, store.audit) == ("cancel_confirmation", [])


async def test_an_open_question_is_asked_again_after_all_answers(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_several(
        part(BUYING), part("order_status", order_number=SHIPPED), part(ADDRESS)
    )
    assert said == [f"utter_{BUYING}", STATUS[SHIPPED], f"utter_{ADDRESS}", CONFIRM]
    assert OPEN in ana.replies[-1].text


async def test_several_questions_to_the_seller_are_one_message(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    text = "Is it white? And where is it now?"
    said = await ana.asks_several(part(BUYING), part("order_status"), text=text)
    assert said == ["utter_ask_seller_confirmation"]
    assert ana.slots["seller_draft"] == text


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([part("stop"), part("order_status", order_number=OPEN)], ["utter_stopped", STATUS[OPEN]]),
        (
            [part(BUYING), part(ADDRESS)],
            [f"utter_{BUYING}", f"utter_{ADDRESS}", "utter_ask_seller_message"],
        ),
    ],
)
async def test_what_is_surely_not_for_the_seller_is_answered(
    ana: Conversation, parts: list[Mapping[str, Any]], said: list[str]
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.asks_several(*parts) == said


async def test_a_reason_in_several_sentences_is_one_reason(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    said = await ana.asks_several(part("wrong_item"), part("out_of_scope"), intent="order_status")
    assert said == ["utter_cancel_reason_kept"]


async def test_a_guests_email_serves_all_parts(guest: Conversation) -> None:
    said = await guest.asks_several(
        part("order_status", order_number=OPEN),
        part("order_status", order_number=SHIPPED, email=EMAIL),
    )
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_a_store_that_is_down_spoils_only_what_needs_it(
    ana: Conversation, store: TroubledStore
) -> None:
    store.is_down = True
    said = await ana.asks_several(
        part("order_status", order_number=OPEN),
        part(BUYING),
        part("order_details", order_number=OPEN),
    )
    assert said == ["utter_store_unavailable", f"utter_{BUYING}"]


async def test_an_outage_of_the_store_is_logged(
    ana: Conversation, store: TroubledStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.is_down = True
    await ana.asks_several(part("order_status", order_number=OPEN), part(BUYING))
    assert OrderStoreUnavailable.__name__ in caplog.text


def about(*products: str, label: str = "order_status", **values: str) -> dict[str, Any]:
    named = [("product", product) for product in products]
    return Conversation.message(label, [*named, *values.items()])


async def test_two_products_in_one_look_up_are_a_question_about_each(ana: Conversation) -> None:
    said = await ana.sends(about("Trail Rain Jacket", "Wireless Earbuds Pro", color="Blue"))
    assert said == [STATUS[OPEN], STATUS[SHIPPED]]


async def test_two_products_of_one_order_are_answered_once(ana: Conversation) -> None:
    said = await ana.sends(about("Wireless Earbuds Pro", "USB-C 65W Charger"))
    assert said == [STATUS[SHIPPED]]


async def test_two_products_beside_a_number_are_about_that_order(ana: Conversation) -> None:
    found = about("Trail Rain Jacket", "Wireless Earbuds Pro", order_number=SHIPPED)
    assert await ana.sends(found) == [STATUS[SHIPPED]]


@pytest.mark.parametrize("label", ["cancel_order", "contact_seller", "wrong_item"])
async def test_what_is_no_look_up_is_about_one_order(ana: Conversation, label: str) -> None:
    await ana.sends(about("Trail Rain Jacket", "Ceramic Mug Set (4)", label=label))
    assert not ana.slots.get("pending")
    assert "utter_later" not in [reply.response for reply in ana.replies]


async def test_what_is_not_clear_about_two_products_is_asked_once(ana: Conversation) -> None:
    unsure = about("Trail Rain Jacket", "Wireless Earbuds Pro")
    said = await ana.sends(unsure | {"clarify": ["order_status", "cancel_order"]})
    assert said == ["utter_did_you_mean"]
