"""Greetings, thanks, and what the bot says about itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from actions.dialogue import ask_open_question, drop_all
from actions.exchange import Exchange
from actions.labels import NOT_ASKED_AFTER, Intent
from actions.state import State

RESPONSES: Final[Mapping[Intent, str]] = MappingProxyType(
    {
        Intent.GREET: "utter_greet",
        Intent.GOODBYE: "utter_goodbye",
        Intent.THANK_YOU: "utter_thank_you",
        Intent.BOT_CHALLENGE: "utter_bot_challenge",
        Intent.HELP: "utter_help",
    }
)


async def answer_small_talk(exchange: Exchange, state: State) -> State:
    """Answer; a goodbye ends what is open, and thanks leave it open without asking again."""
    intent = exchange.turn.intent
    after = await drop_all(exchange, state) if intent is Intent.GOODBYE else state
    exchange.say(RESPONSES.get(intent, "utter_help"))
    if intent in NOT_ASKED_AFTER:
        return after
    return await ask_open_question(exchange, after)
