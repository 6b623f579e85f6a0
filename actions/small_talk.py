"""Greetings, thanks, and what the bot says about itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from actions.exchange import Exchange
from actions.turn import Intent

RESPONSES: Final[Mapping[Intent, str]] = MappingProxyType(
    {
        Intent.GREET: "utter_greet",
        Intent.GOODBYE: "utter_goodbye",
        Intent.THANK_YOU: "utter_thank_you",
        Intent.BOT_CHALLENGE: "utter_bot_challenge",
        Intent.HELP: "utter_help",
    }
)


def answer_small_talk(exchange: Exchange) -> None:
    exchange.say(RESPONSES.get(exchange.turn.intent, "utter_help"))
