"""What goes into a turn and what comes out of it; free of Rasa, so that it imports at once.

TurnError                   the turn was not run, and nothing was written
├── UnknownPayload          the choice is not one that this model's dialogue knows
├── ConversationMoved       another brain wrote the conversation meanwhile: try again
└── TurnLogUnavailable      the bot's database did not answer: try again
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class TurnError(Exception):
    """The turn was not run, and nothing was written."""


class UnknownPayload(TurnError):
    """The payload does not parse, or names an intent or entity that the domain lacks."""


class ConversationMoved(TurnError):
    """Another brain wrote this conversation since it was read."""


class TurnLogUnavailable(TurnError):
    """The bot's database did not answer."""


@dataclass(frozen=True)
class Choice:
    """A button that the shopper chose: what it said and the payload behind it."""

    title: str
    payload: str


@dataclass(frozen=True)
class ShopperContext:
    """What the gateway has verified about the shopper; nothing here was typed by them."""

    session_id: str
    customer_id: str | None
    customer_name: str | None
    address_key: str
    time_zone: str
    locale: str


@dataclass(frozen=True)
class TurnRequest:
    """A message to answer: either `text` or `choice` is set."""

    conversation_id: str
    message_id: str
    shopper: ShopperContext
    text: str | None = None
    choice: Choice | None = None


@dataclass(frozen=True)
class FinishedTurn:
    """What a message was answered with; all values are JSON."""

    message_id: str
    replies: list[dict[str, Any]]
    understood: dict[str, Any]
    model_id: str


class AnswersTurns(Protocol):
    """Whatever answers messages with one model."""

    @property
    def model_id(self) -> str:
        """Id of the model that answers."""
        ...

    async def run(self, request: TurnRequest) -> FinishedTurn:
        """Answer a message, once per `message_id`; raises `TurnError`."""
        ...
