"""What is said to the bots, and how to tell that the answer is the right one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CUSTOMER_ID, CUSTOMER_NAME = "C100", "Ana Torres"


class Kind(StrEnum):
    """What a turn has to do."""

    ANSWER = "answer"
    STATUS = "order status"
    DETAILS = "order details"


@dataclass(frozen=True)
class BenchMessage:
    """A message and what its answer must show: an article's id or an order's number."""

    kind: Kind
    text: str
    shows: str


_BUY, _ADDRESS = "how_do_i_purchase_an_item", "how_do_i_configure_my_address"
_WHY, _SELLER = (
    "why_cant_i_place_an_order",
    "what_if_i_still_need_to_contact_the_seller_after_placing_an_order",
)

# Short and long, plain and sloppy. Each must be one that both bots understand, so that both do the
# whole work of the turn; the report counts the answers that were not the right ones.
MESSAGES: Mapping[Kind, tuple[BenchMessage, ...]] = {
    Kind.ANSWER: (
        BenchMessage(Kind.ANSWER, "how do I buy something", _BUY),
        BenchMessage(Kind.ANSWER, "How do I purchase an item?", _BUY),
        BenchMessage(
            Kind.ANSWER,
            "hi, i have never ordered here before, how do i purchase an item in your shop",
            _BUY,
        ),
        BenchMessage(Kind.ANSWER, "how do I add a new address", _ADDRESS),
        BenchMessage(Kind.ANSWER, "where can i change my delivery address", _ADDRESS),
        BenchMessage(Kind.ANSWER, "why can't I place an order", _WHY),
        BenchMessage(
            Kind.ANSWER, "i press the button again and again but i cant place an order, why?", _WHY
        ),
        BenchMessage(
            Kind.ANSWER,
            "What if I still need to contact the seller after placing an order?",
            _SELLER,
        ),
    ),
    Kind.STATUS: (
        BenchMessage(Kind.STATUS, "where is my order 8100240003", "8100240003"),
        BenchMessage(Kind.STATUS, "has order 8100240002 shipped yet?", "8100240002"),
        BenchMessage(Kind.STATUS, "has my order 8100240003 been shipped", "8100240003"),
        BenchMessage(Kind.STATUS, "can u track 8100240003 for me", "8100240003"),
        BenchMessage(
            Kind.STATUS,
            "Hello, could you please tell me where my order 8100240002 is at the moment?",
            "8100240002",
        ),
    ),
    Kind.DETAILS: (
        BenchMessage(Kind.DETAILS, "what is in order 8100240003", "8100240003"),
        BenchMessage(Kind.DETAILS, "show me the details of order 8100240002", "8100240002"),
        BenchMessage(Kind.DETAILS, "how much did i pay for 8100240003", "8100240003"),
        BenchMessage(Kind.DETAILS, "what did I order in 8100240004", "8100240004"),
        BenchMessage(
            Kind.DETAILS,
            "Could you show me which items and which sizes are in my order 8100240002?",
            "8100240002",
        ),
    ),
}

# Turn 500 is turn 5's message again: 495 is a multiple of their number.
LONG_CONVERSATION: tuple[BenchMessage, ...] = (
    MESSAGES[Kind.ANSWER][0],
    MESSAGES[Kind.STATUS][0],
    MESSAGES[Kind.ANSWER][3],
    MESSAGES[Kind.DETAILS][0],
    MESSAGES[Kind.ANSWER][5],
)


def is_right(message: BenchMessage, replies: list[dict[str, Any]]) -> bool:
    """Tell whether the replies show what the message asks for; both bots use the same shapes."""
    return message.shows in _shown(replies)


def _shown(replies: list[dict[str, Any]]) -> Iterator[str]:
    for reply in replies:
        for source in reply.get("sources") or ():
            yield source["article_id"]
        for card in reply.get("cards") or ():
            yield card.get("number", "")
