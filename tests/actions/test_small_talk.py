import pytest

from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

OPEN = "8100240002"


@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("greet", "utter_greet"),
        ("goodbye", "utter_goodbye"),
        ("thank_you", "utter_thank_you"),
        ("bot_challenge", "utter_bot_challenge"),
        ("help", "utter_help"),
    ],
)
async def test_small_talk_gets_its_one_answer(
    ana: Conversation, intent: str, response: str
) -> None:
    assert await ana.says(intent) == [response]


async def test_the_bot_says_that_it_is_a_bot(ana: Conversation) -> None:
    await ana.says("bot_challenge")
    assert "I am a bot" in ana.text


async def test_thanks_leave_the_question_open_without_asking_it_again(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    assert await ana.says("thank_you") == ["utter_thank_you"]
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]


async def test_thanks_for_a_cancellation_go_back_to_what_it_interrupted_in_silence(
    ana: Conversation,
) -> None:
    await ana.says("contact_seller", order_number="8100240003")
    await ana.says("out_of_scope", "Hi")
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("affirm")
    assert await ana.says("thank_you") == ["utter_thank_you"]
    assert ana.awaiting == "seller_confirmation"


async def test_a_goodbye_ends_what_is_open(ana: Conversation) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    await ana.says("contact_seller", order_number="8100240003")
    assert await ana.says("goodbye") == ["utter_goodbye"]
    assert (ana.awaiting, ana.slots["suspended"]) == (None, None)


async def test_a_goodbye_after_an_unknown_outcome_tells_it_first(
    ana: Conversation, store: TroubledStore
) -> None:
    await ana.says("cancel_order", order_number=OPEN)
    store.loses_answers = True
    await ana.says("affirm")
    assert await ana.says("goodbye") == ["utter_cancelled_earlier", "utter_goodbye"]
