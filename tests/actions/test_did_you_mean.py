import pytest

from actions.did_you_mean import NEVER_ASKED
from actions.labels import Intent
from actions.orders.model import OrderStatus
from actions.wording import CHOICES
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"
UNPAID = "8100240001"
SHIPPED = "8100240003"
EMAIL = "ana@example.com"
BUYING = "faq/how_do_i_purchase_an_item"
ADDRESS = "faq/how_do_i_configure_my_address"
NONE = "None of these"


async def ask(talk: Conversation, **entities: str) -> None:
    assert await talk.mumbles("order_status", BUYING, "cancel_order", **entities) == [
        "utter_did_you_mean"
    ]


def test_every_label_can_be_offered_or_is_never_asked_about() -> None:
    assert {*CHOICES} | NEVER_ASKED | {Intent.FAQ} == {*Intent}
    assert not {*CHOICES} & NEVER_ASKED


async def test_the_labels_are_offered_in_the_shoppers_words(ana: Conversation) -> None:
    await ask(ana)
    assert ana.choices == [
        "Where is my order?",
        "How do I purchase an item?",
        "Cancel an order",
        NONE,
    ]


async def test_no_more_than_three_are_offered(ana: Conversation) -> None:
    await ana.mumbles("order_status", "order_details", "cancel_order", "contact_seller")
    assert len(ana.choices) == 4


async def test_a_title_with_braces_is_shown_as_it_is(ana: Conversation) -> None:
    await ana.mumbles("order_status", ADDRESS)
    assert "How do I configure {my} address?" in ana.choices


async def test_labels_without_words_are_not_offered(ana: Conversation) -> None:
    said = await ana.mumbles("order_status", "thank_you", "faq/an_article_that_is_gone")
    assert said == ["utter_did_you_mean_this"]
    assert ana.choices == ["Where is my order?", NONE]


async def test_with_nothing_to_offer_the_message_is_not_understood(ana: Conversation) -> None:
    said = await ana.mumbles("faq/an_article_that_is_gone", "thank_you")
    assert said == ["utter_did_not_understand"]


@pytest.mark.parametrize(
    ("label", "response"),
    [
        ("greet", "utter_greet"),
        ("affirm", "utter_what_next"),
        ("inform", "utter_what_next"),
        ("out_of_scope", "utter_did_not_understand"),
    ],
)
async def test_what_asks_for_nothing_is_not_asked_about(
    ana: Conversation, label: str, response: str
) -> None:
    assert await ana.mumbles(label, "cancel_order") == [response]


async def test_the_order_number_goes_along_with_a_tap(ana: Conversation) -> None:
    await ask(ana, order_number=OPEN)
    assert await ana.taps("Cancel an order") == ["utter_ask_cancel_confirmation"]
    assert ana.cards[0]["number"] == OPEN
    assert ana.slots["clarifying"] is None


async def test_number_and_email_of_a_guest_go_along_with_a_tap(guest: Conversation) -> None:
    await ask(guest, order_number=SHIPPED, email=EMAIL)
    assert await guest.taps("Where is my order?") == ["utter_status_shipped_expected"]


async def test_a_product_goes_along_with_a_tap(ana: Conversation) -> None:
    await ask(ana, product="Ceramic Mug Set (4)")
    await ana.taps("Cancel an order")
    assert ana.cards[0]["number"] == UNPAID


async def test_this_order_is_that_of_the_question_however_late_the_tap_is(
    ana: Conversation,
) -> None:
    await ana.says("order_status", order_number=OPEN)
    await ask(ana, order_reference="this")
    old = ana.replies
    await ana.says("order_status", order_number=UNPAID)
    await ana.taps("Cancel an order", of=old)
    assert ana.cards[0]["number"] == OPEN


async def test_a_tapped_article_is_answered_with_the_offer_of_its_step(ana: Conversation) -> None:
    ana.steps["how_do_i_purchase_an_item"] = "contact_seller"
    await ask(ana)
    said = await ana.taps("How do I purchase an item?")
    assert said == [f"utter_{BUYING}", "utter_offer_contact_seller"]


async def test_a_choice_tapped_late_does_what_it_says(ana: Conversation) -> None:
    await ask(ana, order_number=OPEN)
    old = ana.replies
    await ana.says("greet")
    assert await ana.taps("Cancel an order", of=old) == ["utter_ask_cancel_confirmation"]


@pytest.mark.parametrize(
    ("intent", "text", "entities", "said"),
    [
        ("inform", "the first one", {"order_reference": "1"}, ["utter_status_awaiting_shipping"]),
        ("out_of_scope", "2nd", {"order_reference": "2"}, [f"utter_{BUYING}"]),
        ("affirm", "yes the 3rd", {"order_reference": "3"}, ["utter_ask_cancel_confirmation"]),
        ("deny", "no the third", {"order_reference": "3"}, ["utter_ask_cancel_confirmation"]),
        ("inform", "the last", {"order_reference": "last"}, ["utter_ask_cancel_confirmation"]),
        ("out_of_scope", "Purchase an item", {}, [f"utter_{BUYING}"]),
        ("out_of_scope", "cancel", {}, ["utter_ask_cancel_confirmation"]),
        ("cancel_order", "cancel please", {}, ["utter_ask_cancel_confirmation"]),
        ("order_details", "what is in it", {}, ["utter_order_details"]),
        ("inform", "the fifth", {"order_reference": "5"}, ["utter_did_you_mean"]),
        ("affirm", "yes", {}, ["utter_did_you_mean"]),
        ("deny", "no", {}, ["utter_ask_in_other_words"]),
        ("inform", "neither", {"order_reference": "none"}, ["utter_ask_in_other_words"]),
        ("stop", "never mind", {}, ["utter_stopped"]),
        ("greet", "hello", {}, ["utter_greet"]),
    ],
)
async def test_the_answer_may_be_typed(
    ana: Conversation, intent: str, text: str, entities: dict[str, str], said: list[str]
) -> None:
    await ask(ana, order_number=OPEN)
    assert await ana.says(intent, text, **entities) == said
    assert bool(ana.slots["clarifying"]) is (said == ["utter_did_you_mean"])


async def test_a_yes_to_a_single_meaning_takes_it(ana: Conversation) -> None:
    await ana.mumbles("cancel_order", "out_of_scope", order_number=OPEN)
    assert await ana.says("affirm", "yes") == ["utter_ask_cancel_confirmation"]
    assert ana.cards[0]["number"] == OPEN


async def test_a_number_said_with_the_answer_is_used(ana: Conversation) -> None:
    await ask(ana)
    await ana.says("cancel_order", "cancel order 8100240001", order_number=UNPAID)
    assert ana.cards[0]["number"] == UNPAID


@pytest.mark.parametrize("said", [{"order_number": UNPAID}, {"product": "Ceramic Mug Set (4)"}])
async def test_a_value_alone_is_kept_and_the_question_asked_again(
    ana: Conversation, said: dict[str, str]
) -> None:
    await ask(ana)
    assert await ana.says("inform", **said) == ["utter_did_you_mean"]
    await ana.taps("Cancel an order")
    assert ana.cards[0]["number"] == UNPAID


async def test_a_value_for_the_question_below_answers_that(guest: Conversation) -> None:
    await guest.says("order_status")
    await ask(guest)
    assert await guest.says("inform", order_number=OPEN) == ["utter_ask_email"]


async def test_both_of_three_meanings_is_still_unclear(ana: Conversation) -> None:
    await ask(ana)
    assert await ana.says("inform", order_reference="both") == ["utter_did_you_mean"]


async def test_a_new_message_with_parts_is_answered(ana: Conversation) -> None:
    await ask(ana)
    said = await ana.asks_several(ana.message(BUYING), ana.message(ADDRESS))
    assert said == [f"utter_{BUYING}", f"utter_{ADDRESS}"]


async def test_an_answer_that_narrows_it_down_to_one_is_enough(ana: Conversation) -> None:
    await ask(ana, order_number=OPEN)
    said = await ana.mumbles("contact_seller", "cancel_order", text="away with it")
    assert said == ["utter_ask_cancel_confirmation"]


async def test_an_answer_that_is_as_unclear_is_asked_about_anew(ana: Conversation) -> None:
    await ask(ana)
    assert await ana.mumbles("order_details", "contact_seller") == ["utter_did_you_mean"]
    assert ana.choices == ["What is in my order?", "Contact a seller", NONE]


async def test_all_of_the_meanings_are_answered_in_order(ana: Conversation) -> None:
    await ana.mumbles(BUYING, ADDRESS)
    said = await ana.says("inform", "both", order_reference="both")
    assert said == [f"utter_{BUYING}", f"utter_{ADDRESS}"]


async def test_none_of_these_asks_for_other_words(ana: Conversation) -> None:
    await ask(ana)
    assert await ana.taps(NONE) == ["utter_ask_in_other_words"]
    assert ana.slots["misunderstandings"] == 1


async def test_the_second_none_of_these_in_a_row_offers_a_person(ana: Conversation) -> None:
    await ask(ana)
    await ana.taps(NONE)
    await ask(ana)
    assert await ana.taps(NONE) == ["utter_offer_person"]
    assert await ana.taps("Talk to a person") == ["utter_no_person_here"]


async def test_a_riddle_and_none_of_these_are_two_in_a_row(ana: Conversation) -> None:
    await ana.says("out_of_scope")
    await ask(ana)
    assert await ana.says("deny", "no") == ["utter_offer_person"]


async def test_a_meaning_that_was_found_starts_the_count_again(ana: Conversation) -> None:
    await ana.says("out_of_scope")
    await ask(ana)
    await ana.taps("How do I purchase an item?")
    assert await ana.says("out_of_scope") == ["utter_did_not_understand"]


async def test_none_of_these_is_good_for_its_own_question_only(ana: Conversation) -> None:
    await ask(ana)
    old = ana.replies
    await ana.says("greet")
    assert await ana.taps(NONE, of=old) == ["utter_choice_outdated"]
    await ask(ana)
    assert await ana.taps(NONE, of=old) == ["utter_choice_outdated", "utter_did_you_mean"]


async def test_an_open_question_is_asked_again_after_the_answer(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.mumbles("order_status", BUYING) == ["utter_did_you_mean"]
    said = await ana.taps("How do I purchase an item?")
    assert said == [f"utter_{BUYING}", "utter_ask_cancel_confirmation"]
    await ana.says("affirm")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


@pytest.mark.parametrize("intent", ["affirm", "deny", "stop"])
async def test_a_word_to_did_you_mean_is_none_to_the_question_below_it(
    ana: Conversation, store: TroubledStore, intent: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.mumbles("order_details", BUYING)
    await ana.says(intent)
    assert ana.awaiting == "cancel_confirmation"
    assert store.audit == []


@pytest.mark.parametrize("answer", [NONE, "never mind"])
async def test_an_open_question_is_asked_again_when_nothing_was_meant(
    ana: Conversation, answer: str
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.mumbles("order_details", BUYING)
    said = await (ana.taps(answer) if answer == NONE else ana.says("stop", answer))
    first = "utter_ask_in_other_words" if answer == NONE else "utter_acknowledged"
    assert said == [first, "utter_ask_cancel_confirmation"]


async def test_a_choice_of_the_question_below_still_answers_it(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    confirmation = ana.replies
    await ana.mumbles("order_details", BUYING)
    await ana.taps("Yes, cancel it", of=confirmation)
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_an_interrupted_flow_comes_back_after_none_of_these(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("wrong_item", order_number=SHIPPED)
    await ana.mumbles("order_details", BUYING)
    said = await ana.taps(NONE)
    assert said == ["utter_ask_in_other_words", "utter_ask_cancel_confirmation"]


async def test_the_flow_that_asked_which_order_is_what_is_meant(ana: Conversation) -> None:
    await ana.says("cancel_order")
    said = await ana.mumbles("order_details", "cancel_order", product="Trail Rain Jacket")
    assert said == ["utter_ask_cancel_confirmation"]


async def test_an_unclear_yes_cancels_nothing(ana: Conversation, store: TroubledStore) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.mumbles("affirm", "deny") == ["utter_ask_cancel_confirmation"]
    assert store.audit == []
    await ana.mumbles("affirm", "cancel_order")
    assert store.orders[OPEN].status is OrderStatus.CANCELLED


async def test_an_unclear_text_is_for_the_seller_all_the_same(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number=SHIPPED)
    said = await ana.mumbles(BUYING, "order_status", text="Is it the white one?")
    assert said == ["utter_ask_seller_confirmation"]
    assert "Is it the white one?" in ana.text


async def test_an_unclear_text_may_be_the_reason_that_was_asked_for(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    said = await ana.mumbles(BUYING, "wrong_item", text="It was too dear")
    assert said == ["utter_cancel_reason_kept"]


async def test_a_store_that_is_down_leaves_the_choices_open(
    ana: Conversation, store: TroubledStore
) -> None:
    await ask(ana, order_number=OPEN)
    store.is_down = True
    assert await ana.says("inform", order_reference="3") == ["utter_store_unavailable"]
    store.is_down = False
    assert await ana.says("inform", order_reference="3") == ["utter_ask_cancel_confirmation"]


async def test_a_number_settles_which_of_the_meanings_is_about_an_order(
    guest: Conversation,
) -> None:
    await guest.mumbles("faq/how_do_i_purchase_an_item", "order_status")
    assert await guest.says("inform", order_number="8100240003") == ["utter_ask_email"]


async def test_a_number_settles_nothing_between_two_wishes_about_orders(ana: Conversation) -> None:
    await ana.mumbles("contact_seller", "cancel_order")
    assert await ana.says("inform", order_number="8100240002") == ["utter_did_you_mean"]


SELLER_OR_STATUS = ("order_status", "contact_seller")


async def test_a_sellers_name_in_a_look_up_says_whose_order_is_meant(ana: Conversation) -> None:
    said = await ana.mumbles(*SELLER_OR_STATUS, text="the parcel from lumen electronics")
    assert said == ["utter_status_shipped_expected"]
    assert ana.numbers == ["8100240003"]


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (SELLER_OR_STATUS, "the parcel from them"),
        (SELLER_OR_STATUS, "the parcel from Acme Unknown"),
        (SELLER_OR_STATUS[::-1], "Lumen Electronics and my parcel"),
        (("order_status", "cancel_order"), "the parcel from Lumen Electronics"),
    ],
)
async def test_else_it_is_asked_what_is_meant(
    ana: Conversation, labels: tuple[str, ...], text: str
) -> None:
    assert await ana.mumbles(*labels, text=text) == ["utter_did_you_mean"]


async def test_a_sellers_name_tells_a_guest_nothing(guest: Conversation) -> None:
    said = await guest.mumbles(*SELLER_OR_STATUS, text="the parcel from Lumen Electronics")
    assert said == ["utter_did_you_mean"]
