import pytest

from actions.orders.model import OrderStatus
from tests.actions.conftest import DEADLINE_S
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"
EMAIL = "ana@example.com"


@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("greet", "utter_greet"),
        ("help", "utter_help"),
        ("bot_challenge", "utter_bot_challenge"),
        ("human_handoff", "utter_no_person_here"),
        ("out_of_scope", "utter_did_not_understand"),
        ("nlu_fallback", "utter_did_not_understand"),
    ],
)
async def test_an_open_question_is_asked_again_after_a_digression(
    ana: Conversation, intent: str, response: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says(intent) == [response, "utter_ask_cancel_confirmation"]
    assert OPEN in ana.text


async def test_an_article_in_the_middle_is_answered_and_the_flow_goes_on(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.asks_article("how_do_i_purchase_an_item")
    assert said == ["utter_faq/how_do_i_purchase_an_item", "utter_ask_cancel_confirmation"]
    await ana.taps("Yes, cancel it")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_a_question_about_the_shop_is_no_message_to_the_seller(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    said = await ana.asks_article("how_do_i_purchase_an_item")
    assert said == ["utter_faq/how_do_i_purchase_an_item", "utter_ask_seller_message"]


async def test_an_article_about_orders_may_be_meant_for_the_seller(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.asks_article("wrong_size", step="wrong_item") == [
        "utter_ask_seller_confirmation"
    ]


async def test_a_tapped_choice_is_no_message_to_the_seller(ana: Conversation) -> None:
    await ana.says("help")
    help_replies = ana.replies
    await ana.says("contact_seller", order_number=SHIPPED)
    ana.replies = help_replies
    said = await ana.taps("Where is my order?")
    assert said == ["utter_status_shipped_expected", "utter_ask_seller_message"]


@pytest.mark.parametrize(
    ("question", "again"),
    [
        ("order_status", "utter_ask_order_number"),
        ("cancel_order", "utter_ask_order_number"),
    ],
)
async def test_a_guest_is_asked_for_the_number_again(
    guest: Conversation, question: str, again: str
) -> None:
    await guest.says(question)
    assert await guest.says("greet") == ["utter_greet", again]


async def test_a_guest_is_asked_for_the_email_again(guest: Conversation) -> None:
    await guest.says("order_status", order_number=SHIPPED)
    assert await guest.says("greet") == ["utter_greet", "utter_ask_email"]
    assert await guest.says("inform", email=EMAIL) == ["utter_status_shipped_expected"]


async def test_the_choice_of_orders_is_asked_again(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("greet") == ["utter_greet", "utter_ask_which_order"]
    assert len(ana.replies[-1].choices) == 2


async def test_the_draft_is_shown_again_after_a_digression(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Is it red?")
    assert await ana.says("greet") == ["utter_greet", "utter_ask_seller_confirmation"]
    assert "Is it red?" in ana.text


async def test_another_order_question_is_answered_and_the_flow_goes_on(
    ana: Conversation,
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("order_status", order_number=SHIPPED)
    assert said == ["utter_status_shipped_expected", "utter_ask_cancel_confirmation"]
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]


async def test_a_question_in_the_middle_is_about_the_order_under_way(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("order_details", "what was my total")
    assert said == ["utter_order_details", "utter_ask_cancel_confirmation"]
    assert ana.cards[0]["number"] == OPEN


async def test_before_an_order_is_chosen_a_question_is_about_any(ana: Conversation) -> None:
    await ana.says("order_status", order_number=SHIPPED)
    await ana.says("cancel_order")
    assert await ana.says("order_details") == ["utter_ask_which_order"]


async def test_a_flow_with_questions_of_its_own_may_interrupt_another(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hi")
    said = await ana.says("affirm")
    assert said == ["utter_seller_message_sent", "utter_ask_cancel_confirmation"]
    await ana.says("affirm")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_the_draft_of_an_interrupted_flow_is_kept(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("out_of_scope", "Hi")
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("deny", order_number=OPEN)
    assert said == ["utter_order_kept", "utter_ask_seller_confirmation"]
    await ana.says("affirm")
    assert [message.text for message in store.messages] == ["Hi"]


async def test_going_back_to_an_interrupted_flow_leaves_the_other(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("contact_seller", order_number=SHIPPED)
    ana.slots["awaiting"] = "seller_confirmation"
    await ana.says("cancel_order", order_number=UNPAID)
    assert ana.slots["suspended"] is None


async def test_stop_leaves_everything_that_is_open(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("contact_seller", order_number=SHIPPED)
    assert await ana.says("stop") == ["utter_stopped"]
    assert (ana.awaiting, ana.slots["suspended"]) == (None, None)


async def test_asking_for_the_same_flow_again_asks_its_question_again(
    ana: Conversation,
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("cancel_order") == ["utter_ask_cancel_confirmation"]
    assert OPEN in ana.text


@pytest.mark.parametrize("intent", ["inform", "deny", "cancel_order"])
async def test_a_correction_with_a_number_switches_the_order(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says(intent, "I meant 8100240001", order_number=UNPAID)
    assert said == ["utter_ask_cancel_confirmation"]
    await ana.taps("Yes, cancel it")
    assert [entry.order_number for entry in store.audit] == [UNPAID]


async def test_a_correction_that_names_both_orders_means_the_new_one(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    message = ana.message("inform", [("order_number", OPEN), ("order_number", UNPAID)])
    await ana.sends(message)
    assert ana.cards[0]["number"] == UNPAID


async def test_the_other_one_is_the_other_order_that_fits(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    said = await ana.says("deny", "no, the other one", order_reference="other")
    assert said == ["utter_ask_cancel_confirmation"]
    assert ana.cards[0]["number"] == UNPAID


async def test_a_product_corrects_the_order(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("inform", "I meant the mugs", product="Ceramic Mug Set (4)")
    assert ana.cards[0]["number"] == UNPAID


@pytest.mark.parametrize(
    "described",
    [
        {"color": "sand"},
        {"product": "Ceramic Mug Set (4)"},
        {"order_reference": "other"},
        {"order_reference": "latest"},
    ],
)
@pytest.mark.parametrize("intent", ["inform", "deny"])
async def test_a_description_that_fits_another_order_corrects_it(
    ana: Conversation, intent: str, described: dict[str, str]
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says(intent, **described) == ["utter_ask_cancel_confirmation"]
    assert ana.cards[0]["number"] == UNPAID


@pytest.mark.parametrize("color", ["blue", "pink"])
async def test_a_description_of_no_other_order_asks_about_the_same(
    ana: Conversation, color: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("inform", color=color) == ["utter_ask_cancel_confirmation"]
    assert OPEN in ana.text


@pytest.mark.parametrize("color", ["blue", "pink"])
async def test_a_no_with_a_description_of_no_other_order_is_a_no(
    ana: Conversation, color: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("deny", color=color) == ["utter_order_kept_offer_others"]


async def test_it_is_the_order_talked_about_last(ana: Conversation) -> None:
    await ana.says("order_status", order_number=OPEN)
    await ana.says("cancel_order", "cancel it", order_reference="this")
    assert ana.cards[0]["number"] == OPEN


async def test_the_seller_can_be_corrected_before_writing(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    await ana.says("inform", order_number=OPEN)
    assert ana.cards[0]["name"] == "Northwind Outdoor"


@pytest.mark.parametrize("intent", ["inform", "deny"])
async def test_a_correction_after_the_answer_repeats_the_flow(
    ana: Conversation, intent: str
) -> None:
    await ana.says("order_status", order_number=SHIPPED)
    assert await ana.says(intent, order_number=OPEN) == ["utter_status_awaiting_shipping"]


async def test_an_offer_is_forgotten_when_something_else_is_asked(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    await ana.says("greet")
    assert await ana.says("affirm") == ["utter_what_next"]


async def test_a_yes_meant_for_another_order_takes_no_offer(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=SHIPPED)
    assert await ana.says("affirm", order_number=OPEN) == ["utter_what_next"]


async def test_an_interrupted_flow_comes_back_after_a_declined_offer(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("wrong_item", order_number=SHIPPED)
    said = await ana.says("deny")
    assert said == ["utter_acknowledged", "utter_ask_cancel_confirmation"]


async def test_a_store_that_is_down_is_told_and_the_question_stays_open(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.is_down = True
    assert await ana.says("affirm") == ["utter_store_unavailable"]
    store.is_down = False
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]


@pytest.mark.parametrize(
    "intent", ["order_status", "order_details", "cancel_order", "contact_seller", "wrong_item"]
)
async def test_no_flow_says_more_than_that_when_the_store_is_down(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    store.is_down = True
    assert await ana.says(intent) == ["utter_store_unavailable"]


async def test_a_store_that_is_too_slow_counts_as_down(
    ana: Conversation, store: TroubledStore
) -> None:
    store.delay_s = 2 * DEADLINE_S
    assert await ana.says("order_status", order_number=OPEN) == ["utter_store_unavailable"]


async def test_what_was_done_stays_done_when_the_next_question_cannot_be_asked(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order")
    await ana.says("contact_seller", order_number=SHIPPED)
    store.is_down = True
    said = await ana.says("greet")
    assert said == ["utter_greet", "utter_ask_seller_message"]
    store.is_down = False
    await ana.says("out_of_scope", "Hi")
    store.before_listing = lambda: setattr(store, "is_down", True)
    assert await ana.says("affirm") == ["utter_seller_message_sent", "utter_store_unavailable"]
    assert ana.awaiting == "order"
