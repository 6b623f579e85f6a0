"""What open questions take that is neither a plain yes nor a plain no."""

import pytest

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"
SOLD_BY_KOBO = "8100240004"
CONFIRM = "utter_ask_cancel_confirmation"
MESSAGE = "utter_ask_seller_message"
DRAFT = "utter_ask_seller_confirmation"


@pytest.mark.parametrize(
    "text", ["ok cancel it", "Then please cancel this", "yes, cancel that now"]
)
async def test_the_same_request_again_is_a_yes(
    ana: Conversation, store: TroubledStore, text: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("cancel_order", text, order_reference="this")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


@pytest.mark.parametrize("text", ["Send it", "yes, ship it please", "ok keep it", "yes ask them"])
async def test_agreeing_to_something_else_cancels_nothing(
    ana: Conversation, store: TroubledStore, text: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("affirm", text) == [CONFIRM]
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("cancel", {}),
        ("can i still cancel it tomorrow", {"order_reference": "this"}),
        ("how do I cancel it", {"order_reference": "this"}),
        ("cancel 8100240002", {"order_number": OPEN}),
    ],
)
async def test_a_question_and_the_word_alone_are_no_yes(
    ana: Conversation, store: TroubledStore, text: str, entities: dict[str, str]
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("cancel_order", text, **entities) == [CONFIRM]
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING


async def test_a_yes_with_another_number_turns_to_that_order(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.mumbles("cancel_order", "contact_seller", order_number=UNPAID) == [CONFIRM]
    assert UNPAID in ana.text
    assert store.orders[OPEN].status is OrderStatus.AWAITING_SHIPPING


async def test_words_for_what_is_offered_take_the_offer(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    assert await ana.says("contact_seller", "then ask them") == ["utter_seller", MESSAGE]
    assert SHIPPED in ana.text


async def test_a_yes_with_a_number_takes_an_offer_without_one(ana: Conversation) -> None:
    await ana.asks_article("wrong_size", step="wrong_item")
    said = await ana.says("inform", "yes look at 8100240002", order_number=OPEN)
    assert said == ["utter_wrong_item_cancel_and_reorder"]


async def test_the_other_one_is_no_answer_to_an_offer(ana: Conversation) -> None:
    ana.customer_id = "C101"
    assert await ana.says("order_status", order_number="8100240012") == [
        "utter_status_shipped_late"
    ]
    said = await ana.says("deny", "and the other one", order_reference="other")
    assert said == ["utter_status_awaiting_shipping"]


async def test_what_was_wanted_instead_leaves_the_offer_open(ana: Conversation) -> None:
    await ana.says("wrong_item", order_number=OPEN)
    assert await ana.says("inform", "need L") == ["utter_wrong_item_cancel_and_reorder"]
    assert await ana.says("affirm") == [CONFIRM]


@pytest.mark.parametrize("drafted", [False, True])
async def test_cancel_alone_leaves_the_message_to_the_seller(
    ana: Conversation, store: TroubledStore, drafted: bool
) -> None:
    await ana.says("contact_seller", order_number=OPEN)
    if drafted:
        await ana.says("out_of_scope", "Is it waterproof?")
    assert await ana.says("cancel_order", "please cancel") == ["utter_stopped"]
    assert (store.messages, store.orders[OPEN].status) == ([], OrderStatus.AWAITING_SHIPPING)


async def test_a_question_about_another_order_is_not_for_this_seller(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    said = await ana.says("order_status", "where is 8100240002", order_number=OPEN)
    assert said == ["utter_status_awaiting_shipping", MESSAGE]


async def test_a_question_about_this_order_may_be_for_its_seller(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.says("order_status", "where is 8100240003", order_number=SHIPPED) == [DRAFT]


@pytest.mark.parametrize(
    ("text", "asked"),
    [("hello there", MESSAGE), ("hello, my name is Ana and I like it", DRAFT)],
)
async def test_only_short_small_talk_is_not_for_the_seller(
    ana: Conversation, text: str, asked: str
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert (await ana.says("greet", text))[-1] == asked


@pytest.mark.parametrize("flow", ["order_status", "order_details", "contact_seller"])
async def test_a_pronoun_means_the_order_talked_about_last(ana: Conversation, flow: str) -> None:
    await ana.says("order_status", order_number=OPEN)
    await ana.says(flow, "and with it", order_reference="it")
    assert OPEN in ana.text


async def test_a_riddle_about_an_order_was_about_it(ana: Conversation) -> None:
    await ana.says("out_of_scope", "the invoice for 8100240002", order_number=OPEN)
    await ana.says("order_status", "then where is it", order_reference="it")
    assert OPEN in ana.text


async def test_a_pronoun_says_less_than_a_product(ana: Conversation) -> None:
    await ana.says("order_status", order_number=OPEN)
    await ana.says("order_status", "it is the train set", order_reference="it", product="train")
    assert SOLD_BY_KOBO in ana.text


async def test_a_pronoun_means_nothing_where_no_order_was_talked_about(ana: Conversation) -> None:
    assert await ana.says("cancel_order", order_reference="it") == ["utter_ask_which_order"]


async def test_a_pronoun_goes_along_into_a_choice_as_the_number(ana: Conversation) -> None:
    await ana.says("order_status", order_number=OPEN)
    await ana.mumbles("cancel_order", "contact_seller", order_reference="it")
    assert await ana.taps("Cancel an order") == [CONFIRM]
    assert OPEN in ana.text


async def test_an_order_is_known_by_its_sellers_name(ana: Conversation) -> None:
    await ana.says("contact_seller", "please write to kobo kids")
    assert SOLD_BY_KOBO in ana.text


async def test_where_it_is_or_what_is_in_it_is_not_asked_back(ana: Conversation) -> None:
    said = await ana.mumbles("order_details", "order_status", order_number=OPEN)
    assert said == ["utter_order_details"]
