"""One message of a shopper, parsed from Rasa's tracker; raw dictionaries go no further."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from rasa_sdk import Tracker

from actions.labels import ANSWERS, ARTICLE_PREFIX, Intent
from actions.state import FlowName, State
from actions.wish import Wish
from actions.wording import Wording

DEFAULT_TIME_ZONE = "UTC"
DEFAULT_LOCALE = "en"

# What can describe an item of an order, beside the name of its product.
ATTRIBUTES: Final = ("size", "color", "model")

# What of a message goes along into a choice or a later turn.
KEPT_VALUES: Final = ("order_number", "email", "product", *ATTRIBUTES, "order_reference")

# The step of an article that tells why something cannot be ordered; it is about no order.
CHECK_PURCHASE: Final = "check_purchase"

Values = Mapping[str, tuple[str, ...]]


class OrderReference(StrEnum):
    """An order meant without its number, such as *this order*, *the other one*, *my latest*.

    A list shows the newest order first: *last* is its end, and the latest order where no list is.
    """

    THIS = "this"
    OTHER = "other"
    LATEST = "latest"
    LAST = "last"
    OLDEST = "oldest"
    BOTH = "both"
    ALL = "all"
    NONE = "none"


# The value of *it* and *them*: the order talked about last, if nothing else says which.
REFERS_BACK: Final = "it"


SEVERAL: Final = frozenset({OrderReference.BOTH, OrderReference.ALL})


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
    """The help article that answers the message.

    `step` is the flow with which the bot can do what it describes; `checks_purchase` tells that its
    reasons why something cannot be ordered can be checked for the shopper.
    """

    label: str
    step: FlowName | None
    checks_purchase: bool = False

    @property
    def response(self) -> str:
        return f"utter_{self.label}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a shopper with everything known about it.

    `values` are the entities by name. `clarify` lists the labels that are about equally likely, if
    it is not clear what was meant; `intent` is the likeliest. `parts` are the questions of a
    message that asks several. `chosen` is true for a tapped choice, whose text the shopper did
    not type.
    """

    text: str
    intent: Intent
    values: Values
    article: Article | None
    clarify: tuple[str, ...]
    parts: tuple["Turn", ...]
    chosen: bool
    session: Session
    state: State

    @classmethod
    def from_tracker(cls, tracker: Tracker, wording: Wording) -> Self:
        """Parse the latest message.

        Raises:
            ValueError: It has no id, without which nothing could be done exactly once.
        """
        message: Mapping[str, Any] = tracker.latest_message
        metadata: Mapping[str, Any] = message.get("metadata") or {}
        session = _session(message, metadata, tracker.sender_id)
        state = State.from_slots(tracker.slots)
        whole = cls._parse(message, wording, session, state)
        parts = [
            cls._parse(part, wording, session, state)
            for part in message.get("parts") or ()
            if isinstance(part, Mapping)
        ]
        return replace(
            whole,
            parts=tuple(parts) if len(parts) > 1 else (),
            # Stock Rasa, which knows no session, sends a tapped choice as its payload.
            chosen=message.get("chosen") is True or (not metadata and whole.text.startswith("/")),
        )

    @classmethod
    def _parse(
        cls, message: Mapping[str, Any], wording: Wording, session: Session, state: State
    ) -> Self:
        label = _label(message)
        return cls(
            text=(message.get("text") or "").strip(),
            intent=_intent(label),
            values=_entity_values(message),
            article=_article(label, wording),
            clarify=_several(message.get("clarify") or ()),
            parts=(),
            chosen=False,
            session=session,
            state=state,
        )

    def wishing(self, wish: Wish, wording: Wording) -> Self:
        """Give the turn in which the shopper asks for this; it counts as chosen, not as typed."""
        label = wish.labels[0]
        return replace(
            self,
            text=wish.text,
            intent=_intent(label),
            values={name: (value,) for name, value in wish.values.items()},
            article=_article(label, wording),
            clarify=_several(wish.labels),
            parts=(),
            chosen=True,
        )

    @property
    def wish(self) -> Wish:
        """Give what is asked for; *this order* becomes its number, as later it may be another."""
        values = {name: found[0] for name, found in self.values.items() if name in KEPT_VALUES}
        values.pop("order_reference", None)
        number = self.order_number
        is_this = self.reference is OrderReference.THIS or (
            self.refers_back and not self.names_order
        )
        if is_this and (number or self.state.order_number):
            number = number or self.state.order_number
        elif self._order_words:
            values["order_reference"] = self._order_words
        if number:
            values["order_number"] = number
        return Wish(self.clarify or (self.label,), values, self.text)

    @property
    def label(self) -> str:
        return self.article.label if self.article else self.intent.value

    @property
    def order_numbers(self) -> tuple[str, ...]:
        return self.values.get("order_number", ())

    @property
    def order_number(self) -> str | None:
        """The order the message names; a correction that names two means the new one."""
        numbers = self.order_numbers
        if self.intent in (Intent.INFORM, Intent.DENY):
            numbers = tuple(n for n in numbers if n != self.state.order_number) or numbers
        return numbers[0] if numbers else None

    @property
    def email(self) -> str | None:
        return self._first("email")

    @property
    def product(self) -> str | None:
        return self._first("product")

    @property
    def products(self) -> tuple[str, ...]:
        """The different products that the message names, by title."""
        return tuple(dict.fromkeys(self.values.get("product", ())))

    @property
    def attributes(self) -> tuple[str, ...]:
        """Sizes, colours and models of the order meant: *the blue one*.

        With a wrong item they may as well be those that were wanted instead.
        """
        if self.intent is Intent.WRONG_ITEM:
            return ()
        return tuple(value for name in ATTRIBUTES for value in self.values.get(name, ()))

    @property
    def reference(self) -> OrderReference | None:
        value = self._order_words
        return OrderReference(value) if value in set(OrderReference) else None

    @property
    def position(self) -> int | None:
        """The place in a list, counted from one: *the second one*."""
        return int(self._order_words) if self._order_words.isdecimal() else None

    @property
    def refers_back(self) -> bool:
        """Whether a pronoun may mean the order talked about last: *what is in it*."""
        return REFERS_BACK in self.values.get("order_reference", ())

    @property
    def _order_words(self) -> str:
        found = self.values.get("order_reference", ())
        return next((value for value in found if value != REFERS_BACK), "")

    @property
    def cancel_reason(self) -> str | None:
        return self._first("cancel_reason")

    @property
    def question(self) -> str | None:
        """The question that a tapped choice answers."""
        return self._first("question")

    @property
    def is_outdated(self) -> bool:
        """Whether this is a choice that answers another question, or is about another order."""
        answers = self.intent in ANSWERS or self.cancel_reason is not None
        if not (self.chosen and answers):
            return False
        state = self.state
        if state.clarifying and self.question == state.clarifying.question:
            return False
        asked_about = (state.order_number,) if state.question and state.order_number else ()
        return (self.question, self.order_numbers) != (state.question, asked_about)

    @property
    def points_to_order(self) -> bool:
        refers = self.reference not in (None, OrderReference.NONE)
        return bool(self.order_numbers or self.product or refers or self.position)

    @property
    def names_order(self) -> bool:
        """Whether the message says which order is meant, beyond *this one*."""
        if self.order_numbers or self.attributes:
            return True
        return self.points_to_order and self.reference is not OrderReference.THIS

    def _first(self, name: str) -> str | None:
        found = self.values.get(name)
        return found[0] if found else None


def _entity_values(message: Mapping[str, Any]) -> Values:
    values: dict[str, tuple[str, ...]] = {}
    for entity in message.get("entities") or ():
        name, value = entity.get("entity"), entity.get("value")
        # A value of another type can only come from a hand-made payload.
        if isinstance(name, str) and isinstance(value, str) and value:
            values[name] = (*values.get(name, ()), value)
    return values


def _label(message: Mapping[str, Any]) -> str | None:
    """Read the label, which for an article is more than the intent."""
    name = (message.get("intent") or {}).get("name")
    selected = (message.get("response_selector") or {}).get(Intent.FAQ.value) or {}
    label = (selected.get("response") or {}).get("intent_response_key")
    is_article = name == Intent.FAQ and isinstance(label, str) and label.startswith(ARTICLE_PREFIX)
    return label if is_article else name


def _intent(label: str | None) -> Intent:
    name = label.partition("/")[0] if label else None
    return Intent(name) if name in set(Intent) else Intent.OUT_OF_SCOPE


def _article(label: str | None, wording: Wording) -> Article | None:
    if label is None or not label.startswith(ARTICLE_PREFIX):
        return None
    step = wording.step(label)
    flow = FlowName(step) if step in set(FlowName) else None
    return Article(label, flow, checks_purchase=step == CHECK_PURCHASE)


def _several(labels: Iterable[Any]) -> tuple[str, ...]:
    """Give different labels in their order; a single one leaves nothing to clarify."""
    found = tuple(dict.fromkeys(label for label in labels if isinstance(label, str) and label))
    return found if len(found) > 1 else ()


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
