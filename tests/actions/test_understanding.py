import pytest

from tests.actions.conversation import Conversation


async def test_the_second_misunderstanding_in_a_row_offers_a_person_and_ways_on(
    ana: Conversation,
) -> None:
    assert await ana.says("out_of_scope") == ["utter_did_not_understand"]
    assert await ana.says("nlu_fallback") == ["utter_offer_person"]
    assert {"Contact a seller", "Talk to a person"} <= {*ana.choices}
    assert await ana.taps("Talk to a person") == ["utter_no_person_here"]


async def test_a_person_is_offered_once_in_a_conversation(ana: Conversation) -> None:
    for _ in range(2):
        await ana.says("out_of_scope")
    assert await ana.says("out_of_scope") == ["utter_did_not_understand_again"]
    assert "Talk to a person" not in ana.choices
    await ana.says("greet")
    await ana.says("out_of_scope")
    assert await ana.says("out_of_scope") == ["utter_did_not_understand_again"]


async def test_anything_understood_starts_the_count_again(ana: Conversation) -> None:
    await ana.says("out_of_scope")
    await ana.says("greet")
    assert await ana.says("out_of_scope") == ["utter_did_not_understand"]


async def test_a_misunderstanding_inside_a_flow_counts_too_and_the_second_does_not_nag(
    ana: Conversation,
) -> None:
    await ana.says("cancel_order", order_number="8100240002")
    said = await ana.says("out_of_scope")
    assert said == ["utter_did_not_understand", "utter_ask_cancel_confirmation"]
    assert await ana.says("out_of_scope") == ["utter_offer_person"]
    assert ana.awaiting == "cancel_confirmation"


@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("affirm", "utter_what_next"),
        ("deny", "utter_acknowledged"),
        ("stop", "utter_acknowledged"),
        ("inform", "utter_what_next"),
    ],
)
async def test_an_answer_to_nothing_is_taken_calmly(
    ana: Conversation, intent: str, response: str
) -> None:
    assert await ana.says(intent) == [response]


async def test_a_bare_number_asks_for_the_status(ana: Conversation) -> None:
    said = await ana.says("inform", order_number="8100240003")
    assert said == ["utter_status_shipped_expected"]


@pytest.mark.parametrize(
    "entities",
    [{"color": "white"}, {"product": "Wireless Earbuds Pro"}, {"model": "US plug"}],
)
async def test_words_that_describe_an_order_ask_what_to_do_with_it(
    ana: Conversation, entities: dict[str, str]
) -> None:
    assert await ana.says("inform", **entities) == ["utter_what_next_with_order"]
    assert await ana.taps("What is in it?") == ["utter_order_details"]
    assert ana.cards[0]["number"] == "8100240003"


async def test_the_order_described_is_the_one_talked_about(ana: Conversation) -> None:
    await ana.says("inform", product="Trail Rain Jacket")
    await ana.says("cancel_order", "cancel it", order_reference="this")
    assert ana.cards[0]["number"] == "8100240002"


@pytest.mark.parametrize(
    "entities",
    [
        {"color": "pink"},
        {"product": "Scented Candle"},
        {"order_reference": "1"},
        {"order_reference": "last"},
        {"order_reference": "both"},
        {"order_reference": "none"},
    ],
)
async def test_words_that_answer_nothing_start_nothing(
    ana: Conversation, entities: dict[str, str]
) -> None:
    assert await ana.says("inform", **entities) == ["utter_what_next"]
    assert (ana.slots.get("flow"), ana.awaiting) == (None, None)


async def test_a_product_after_an_answer_asks_the_same_about_it(ana: Conversation) -> None:
    await ana.says("order_status", order_number="8100240002")
    said = await ana.says("inform", product="Wireless Earbuds Pro")
    assert said == ["utter_status_shipped_expected"]


@pytest.mark.parametrize("reference", ["none", "1", "5"])
async def test_a_word_about_a_list_means_nothing_after_an_answer(
    ana: Conversation, reference: str
) -> None:
    await ana.says("order_status", order_number="8100240002")
    assert await ana.says("inform", order_reference=reference) == ["utter_what_next"]


async def test_a_colour_is_no_answer_to_whether_to_send_a_message(ana: Conversation) -> None:
    await ana.says("contact_seller", order_number="8100240003")
    await ana.says("out_of_scope", "Is it red?")
    assert await ana.says("inform", color="red") == ["utter_ask_seller_confirmation"]


async def test_a_no_to_everything_points_at_no_order(ana: Conversation) -> None:
    await ana.says("order_status", order_number="8100240002")
    assert await ana.says("deny", order_reference="none") == ["utter_acknowledged"]


async def test_a_guest_who_names_a_product_is_not_asked_for_a_number(guest: Conversation) -> None:
    assert await guest.says("inform", product="Trail Rain Jacket") == ["utter_what_next"]


async def test_a_bare_email_of_a_guest_leads_to_the_number(guest: Conversation) -> None:
    assert await guest.says("inform", email="ana@example.com") == ["utter_ask_order_number_too"]


async def test_a_yes_is_no_choice_of_an_order(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("affirm") == ["utter_ask_which_order"]


async def test_a_value_that_does_not_answer_asks_again(ana: Conversation) -> None:
    await ana.says("cancel_order")
    assert await ana.says("inform", size="XXL") == ["utter_ask_which_order"]


async def test_a_no_to_an_article_offer_ends_it(guest: Conversation) -> None:
    await guest.asks_article("wrong_size", step="wrong_item")
    assert await guest.says("deny") == ["utter_acknowledged"]


async def test_a_yes_that_answers_nothing_asks_the_open_question_again(guest: Conversation) -> None:
    await guest.says("inform", order_number="8100240003")
    assert await guest.says("affirm") == ["utter_ask_email"]


async def test_an_email_while_something_else_is_open_is_kept_for_later(guest: Conversation) -> None:
    await guest.says("cancel_order", order_number="8100240002", email="ana@example.com")
    said = await guest.says("inform", email="ben@example.com")
    assert said == ["utter_ask_cancel_confirmation"]
    assert guest.slots["guest_email"] == "ben@example.com"
