"""One message of a shopper, parsed from Rasa's tracker; raw dictionaries go no further."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from rasa_sdk import Tracker

from actions.state import FlowName, State

DEFAULT_TIME_ZONE = "UTC"
DEFAULT_LOCALE = "en"


class Intent(StrEnum):
    ORDER_STATUS = "order_status"
    ORDER_DETAILS = "order_details"
    CANCEL_ORDER = "cancel_order"
    CONTACT_SELLER = "contact_seller"
    WRONG_ITEM = "wrong_item"
    FAQ = "faq"
    HUMAN_HANDOFF = "human_handoff"
    GREET = "greet"
    GOODBYE = "goodbye"
    THANK_YOU = "thank_you"
    BOT_CHALLENGE = "bot_challenge"
    HELP = "help"
    AFFIRM = "affirm"
    DENY = "deny"
    STOP = "stop"
    INFORM = "inform"
    OUT_OF_SCOPE = "out_of_scope"


# What means something only together with the question that it answers.
ANSWERS: Final = frozenset({Intent.AFFIRM, Intent.DENY, Intent.STOP})

# To ask the open question again after these would only nag.
NOT_ASKED_AFTER: Final = frozenset({Intent.GOODBYE, Intent.THANK_YOU})


class OrderReference(StrEnum):
    """An order meant without its number, such as *this order*, *the other one*, *my latest*."""

    THIS = "this"
    OTHER = "other"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is talking, as the gateway verified it; nothing here comes from what was typed."""

    session_id: str
    message_id: str
    customer_id: str | None
    address_key: str
    time_zone: str
    locale: str


@dataclass(frozen=True, slots=True)
class Article:
    """The help article that answers the message; `step` is what the bot can do for it."""

    response: str
    step: FlowName | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a shopper with everything known about it.

    `position` counts from one, when the shopper picks from a list (*the second one*). `chosen` is
    true for a tapped choice, whose text the shopper did not type; `question` is what it answers.
    """

    text: str
    intent: Intent
    order_numbers: tuple[str, ...]
    email: str | None
    product: str | None
    reference: OrderReference | None
    position: int | None
    cancel_reason: str | None
    question: str | None
    article: Article | None
    chosen: bool
    session: Session
    state: State

    @classmethod
    def from_tracker(cls, tracker: Tracker) -> Self:
        """Parse the latest message.

        Raises:
            ValueError: It has no id, without which nothing could be done exactly once.
        """
        message: Mapping[str, Any] = tracker.latest_message
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        text = (message.get("text") or "").strip()
        values = _entity_values(message)
        reference = _first(values, "order_reference") or ""
        return cls(
            text=text,
            intent=_intent(message),
            order_numbers=values.get("order_number", ()),
            email=_first(values, "email"),
            product=_first(values, "product"),
            reference=_reference(reference),
            position=int(reference) if reference.isdecimal() else None,
            cancel_reason=_first(values, "cancel_reason"),
            question=_first(values, "question"),
            article=_article(message),
            # Stock Rasa, which knows no session, sends a tapped choice as its payload.
            chosen=message.get("chosen") is True or (not metadata and text.startswith("/")),
            session=_session(message, metadata, tracker.sender_id),
            state=State.from_slots(tracker.slots),
        )

    @property
    def order_number(self) -> str | None:
        """The order the message names; a correction that names two means the new one."""
        numbers: tuple[str, ...] = self.order_numbers
        if self.intent in (Intent.INFORM, Intent.DENY):
            numbers = tuple(n for n in numbers if n != self.state.order_number) or numbers
        return numbers[0] if numbers else None

    @property
    def is_outdated(self) -> bool:
        """Whether this is a choice that answers another question, or is about another order."""
        answers = self.intent in ANSWERS or self.cancel_reason is not None
        if not (self.chosen and answers):
            return False
        state = self.state
        asked_about = (state.order_number,) if state.awaiting and state.order_number else ()
        return (self.question, self.order_numbers) != (state.question, asked_about)

    @property
    def points_to_order(self) -> bool:
        return bool(self.order_numbers or self.product or self.reference or self.position)


def _entity_values(message: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for entity in message.get("entities") or ():
        name, value = entity.get("entity"), entity.get("value")
        # A value of another type can only come from a hand-made payload.
        if isinstance(name, str) and isinstance(value, str) and value:
            values[name] = (*values.get(name, ()), value)
    return values


def _first(values: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    found = values.get(name)
    return found[0] if found else None


def _reference(value: str) -> OrderReference | None:
    return OrderReference(value) if value in set(OrderReference) else None


def _intent(message: Mapping[str, Any]) -> Intent:
    name = (message.get("intent") or {}).get("name")
    return Intent(name) if name in set(Intent) else Intent.OUT_OF_SCOPE


def _article(message: Mapping[str, Any]) -> Article | None:
    selected = (message.get("response_selector") or {}).get(Intent.FAQ.value) or {}
    response = selected.get("response") or {}
    label = response.get("intent_response_key")
    if not isinstance(label, str):
        return None
    step = response.get("step")
    return Article(f"utter_{label}", FlowName(step) if step in set(FlowName) else None)


def _session(message: Mapping[str, Any], metadata: Mapping[str, Any], sender_id: str) -> Session:
    message_id = metadata.get("message_id") or message.get("message_id")
    if not message_id:
        raise ValueError("a turn needs the id of its message")
    return Session(
        session_id=str(metadata.get("session_id") or sender_id),
        message_id=str(message_id),
        customer_id=metadata.get("customer_id") or None,
        address_key=str(metadata.get("address_key") or ""),
        time_zone=str(metadata.get("time_zone") or DEFAULT_TIME_ZONE),
        locale=str(metadata.get("locale") or DEFAULT_LOCALE),
    )
