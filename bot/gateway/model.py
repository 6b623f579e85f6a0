"""The values that the gateway works with; the ones in answers over HTTP are pydantic models."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

State = Literal["bot", "waiting", "agent", "closed"]


class Sender(StrEnum):
    SHOPPER = "shopper"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Choice(Value):
    """A button; send its id back to choose it, once."""

    id: str
    title: str


class Card(Value):
    """Something to show as more than text; what it holds besides its type depends on the type."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(description="`order`, `order_list` or `seller`")


class Source(Value):
    """The help article that an answer comes from."""

    article_id: str
    title: str
    url: str | None = None
    updated_at: str | None = Field(default=None, description="The day of the last review.")


class Body(Value):
    """What a message says, apart from who said it when."""

    text: str
    choices: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    sources: tuple[Source, ...] = ()


class Message(Body):
    """One message of a conversation; `seq` counts 1, 2, 3, … without gaps."""

    seq: int
    id: str
    client_id: str | None = None
    sender: Sender
    name: str | None = None
    at: datetime
    helpful: bool | None = Field(
        default=None, description="The shopper's vote on an answer of the bot; null without one."
    )


class ReadMarks(Value):
    """The newest message that each side has seen."""

    shopper: int
    shop: int


class Rating(Value):
    """What the shopper thinks of a conversation as a whole."""

    stars: int = Field(ge=1, le=5)
    comment: str | None


class Customer(Value):
    """A customer whom the shop's server vouched for."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A verified session, as the database has it."""

    id: str
    conversation_id: str
    customer_id: str | None
    customer_name: str | None
    locale: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as its shopper may see it."""

    id: str
    state: State
    last_seq: int
    revision: int
    read: ReadMarks


@dataclass(frozen=True, slots=True)
class Draft:
    """What a shopper sends: words, or one of the choices offered."""

    client_id: str
    text: str | None
    choice_id: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored message that is to be answered, with all that the brain is told about it."""

    conversation_id: str
    seq: int
    message_id: str
    text: str | None
    choice: dict[str, str] | None
    shopper: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one conversation's turns; `owner` is never used twice."""

    conversation_id: str
    owner: str
