"""Where the dialogue stands between two turns, and how that is kept in slots."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final, Self, TypeVar

from actions.wish import Clarification, Wish

MAX_PROVEN_ORDERS: Final = 20

Member = TypeVar("Member", bound=StrEnum)


class FlowName(StrEnum):
    ORDER_STATUS = "order_status"
    ORDER_DETAILS = "order_details"
    CANCEL_ORDER = "cancel_order"
    CONTACT_SELLER = "contact_seller"
    WRONG_ITEM = "wrong_item"


class Awaiting(StrEnum):
    """The question that the shopper has not answered yet.

    `MORE_PRODUCTS` was never asked: a product was just checked, and another may follow.
    """

    ORDER = "order"
    ORDER_NUMBER = "order_number"
    EMAIL = "email"
    CANCEL_CONFIRMATION = "cancel_confirmation"
    CANCEL_REASON = "cancel_reason"
    SELLER_MESSAGE = "seller_message"
    SELLER_CONFIRMATION = "seller_confirmation"
    PRODUCT = "product"
    MORE_PRODUCTS = "more_products"
    OFFER = "offer"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ProvenOrder:
    """An order that a guest proved to be theirs, good for one session only."""

    number: str
    customer_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """A flow with its open question, such as one that another flow interrupted."""

    flow: FlowName
    awaiting: Awaiting
    order_number: str | None
    seller_draft: str | None = None
    draft_key: str | None = None
    retry_key: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The dialogue's whole memory.

    `flow` and `order_number` outlive the end of a flow, so that a correction finds what it
    corrects; only `awaiting` says that something is open. `offered_flow` is what a bare *yes*
    would start. `draft_key` is the idempotency key that `seller_draft` is sent with, however often.
    `retry_key` is the key of a change whose outcome is unknown. `listed` are the numbers of the
    orders that the shopper was last asked to choose from, or shown without being asked.

    `clarifying` is the question *did you mean*, which lies over an open question and leaves it as
    it is. `pending` are questions asked in one breath with another one that asked something back.
    """

    flow: FlowName | None = None
    awaiting: Awaiting | None = None
    order_number: str | None = None
    guest_email: str | None = None
    seller_draft: str | None = None
    draft_key: str | None = None
    offered_flow: FlowName | None = None
    retry_key: str | None = None
    suspended: Suspended | None = None
    proven_orders: tuple[ProvenOrder, ...] = ()
    listed: tuple[str, ...] = ()
    misunderstandings: int = 0
    person_offered: bool = False
    clarifying: Clarification | None = None
    pending: tuple[Wish, ...] = ()

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Self:
        """Read the slots; a value of the wrong shape counts as unset."""
        return cls(
            flow=_member(FlowName, slots.get("flow")),
            awaiting=_member(Awaiting, slots.get("awaiting")),
            order_number=_text(slots.get("order_number")),
            guest_email=_text(slots.get("guest_email")),
            seller_draft=_text(slots.get("seller_draft")),
            draft_key=_text(slots.get("draft_key")),
            offered_flow=_member(FlowName, slots.get("offered_flow")),
            retry_key=_text(slots.get("retry_key")),
            suspended=_suspended(slots.get("suspended")),
            proven_orders=_proven_orders(slots.get("proven_orders")),
            listed=_texts(slots.get("listed")),
            misunderstandings=_count(slots.get("misunderstandings")),
            person_offered=slots.get("person_offered") is True,
            clarifying=Clarification.from_plain(slots.get("clarifying")),
            pending=_wishes(slots.get("pending")),
        )

    def to_slots(self) -> dict[str, Any]:
        """Give every slot its value, in types that JSON keeps."""
        suspended = self.suspended
        return {
            "flow": self.flow and self.flow.value,
            "awaiting": self.awaiting and self.awaiting.value,
            "order_number": self.order_number,
            "guest_email": self.guest_email,
            "seller_draft": self.seller_draft,
            "draft_key": self.draft_key,
            "offered_flow": self.offered_flow and self.offered_flow.value,
            "retry_key": self.retry_key,
            "suspended": suspended and _plain_values(suspended),
            "proven_orders": [_plain_values(order) for order in self.proven_orders],
            "listed": list(self.listed),
            "misunderstandings": float(self.misunderstandings),
            "person_offered": self.person_offered,
            "clarifying": self.clarifying and self.clarifying.to_plain(),
            "pending": [wish.to_plain() for wish in self.pending],
        }

    @property
    def question(self) -> str | None:
        """Name the open question as the choices that answer it do; each draft is one of its own."""
        if self.awaiting is Awaiting.MORE_PRODUCTS:
            return None
        if self.awaiting is Awaiting.SELLER_CONFIRMATION:
            return f"{self.awaiting.value}:{self.draft_key}"
        return self.awaiting and self.awaiting.value

    @property
    def open_question(self) -> tuple[str | None, ...]:
        """Tell what is open from what was: empty if nothing is."""
        if self.clarifying:
            return (self.clarifying.question,)
        return (self.question, self.order_number) if self.question else ()

    @property
    def unconfirmed(self) -> tuple[Suspended, ...]:
        """The open questions about a change that was tried, with unknown outcome."""
        both = (self._under_way(), self.suspended)
        return tuple(question for question in both if question and question.retry_key)

    def entering(self, flow: FlowName) -> Self:
        """Turn to a flow; another one with an open question waits until this one ends."""
        suspended = self.suspended
        if self.awaiting and self.flow and self.flow is not flow:
            suspended = suspended or self._under_way()
        if suspended and suspended.flow is flow:
            suspended = None
        awaiting, listed = (self.awaiting, self.listed) if self.flow is flow else (None, ())
        entered = replace(self.without_question(), flow=flow, suspended=suspended)
        return replace(entered, awaiting=awaiting, listed=listed)

    def asking(self, awaiting: Awaiting, order_number: str | None) -> Self:
        return replace(self, awaiting=awaiting, order_number=order_number)

    def offering(self, flow: FlowName, order_number: str | None) -> Self:
        """End the flow with a proposal: a bare *yes* starts `flow` for this order."""
        done = self.done_with(order_number)
        return replace(done, awaiting=Awaiting.OFFER, offered_flow=flow)

    def done_with(self, order_number: str | None) -> Self:
        """End the flow, which dealt with this order."""
        return replace(self.without_question(), order_number=order_number)

    def without_question(self) -> Self:
        return replace(
            self,
            awaiting=None,
            seller_draft=None,
            draft_key=None,
            offered_flow=None,
            retry_key=None,
            listed=(),
        )

    def aside(self) -> Self:
        """Leave out all that is open, for what is answered while it waits."""
        return replace(self.without_question(), suspended=None, clarifying=None, pending=())

    def resumed(self) -> Self:
        """Go back to the interrupted flow and its open question."""
        if self.suspended is None:
            return self
        return replace(
            self,
            flow=self.suspended.flow,
            awaiting=self.suspended.awaiting,
            order_number=self.suspended.order_number,
            seller_draft=self.suspended.seller_draft,
            draft_key=self.suspended.draft_key,
            retry_key=self.suspended.retry_key,
            suspended=None,
        )

    def _under_way(self) -> Suspended | None:
        if self.flow is None or self.awaiting is None:
            return None
        return Suspended(
            self.flow,
            self.awaiting,
            self.order_number,
            self.seller_draft,
            self.draft_key,
            self.retry_key,
        )

    def with_proof(self, proof: ProvenOrder) -> Self:
        others = [known for known in self.proven_orders if known.number != proof.number]
        return replace(self, proven_orders=(*others, proof)[-MAX_PROVEN_ORDERS:])


def _plain_values(value: ProvenOrder | Suspended) -> dict[str, str | None]:
    texts = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: None if text is None else str(text) for name, text in texts}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else []
    return tuple(entry for entry in entries if isinstance(entry, str))


def _wishes(value: Any) -> tuple[Wish, ...]:
    entries = value if isinstance(value, list) else []
    wishes = (Wish.from_plain(entry) for entry in entries)
    return tuple(wish for wish in wishes if wish)


def _count(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and value > 0 else 0


def _member(kind: type[Member], value: Any) -> Member | None:
    return kind(value) if value in {member.value for member in kind} else None


def _suspended(value: Any) -> Suspended | None:
    if not isinstance(value, Mapping):
        return None
    flow = _member(FlowName, value.get("flow"))
    awaiting = _member(Awaiting, value.get("awaiting"))
    if flow is None or awaiting is None:
        return None
    names = ("order_number", "seller_draft", "draft_key", "retry_key")
    return Suspended(flow, awaiting, *(_text(value.get(name)) for name in names))


def _proven_orders(value: Any) -> tuple[ProvenOrder, ...]:
    entries = value if isinstance(value, list) else []
    proofs = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        texts = [_text(entry.get(field.name)) for field in fields(ProvenOrder)]
        if all(texts):
            proofs.append(ProvenOrder(*(text or "" for text in texts)))
    return tuple(proofs)
