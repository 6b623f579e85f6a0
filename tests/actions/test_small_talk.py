import pytest

from tests.actions.conversation import Conversation


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
