"""Replies as the shopper sees them: Markdown rendered, cards as their facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from babel.numbers import get_currency_precision

from actions.presentation import Presentation
from actions.turn import Session

# The same subset as in bot/web/widget/dom.js: what makes a line an item or a heading; an escaped
# sign, bold, a link.
_LINE: Final = re.compile(r"^\s*(?:[-*•]|\d+[.)]|#{1,6})\s+(?P<content>.*)")
_INLINE: Final = re.compile(
    r"\\(?P<sign>[^\w\s])|\*\*(?=\S)(?P<bold>.+?)\*\*|\[(?P<title>[^\][]+)\]\([^()\s]+\)"
)


@dataclass(frozen=True)
class Offer:
    """A choice; `handle` is what takes it."""

    title: str
    handle: str


@dataclass(frozen=True)
class Reply:
    """One message of the bot."""

    text: str
    choices: tuple[Offer, ...]
    cards: tuple[Mapping[str, Any], ...]
    sources: tuple[str, ...]

    @classmethod
    def parse(cls, reply: Mapping[str, Any], handle: str) -> Reply:
        """Read a reply of the brain or the gateway; `handle` is the key of what takes a choice."""
        return cls(
            text=visible_text(reply["text"]),
            choices=tuple(Offer(choice["title"], choice[handle]) for choice in reply["choices"]),
            cards=tuple(reply["cards"]),
            sources=tuple(source["article_id"] for source in reply["sources"]),
        )


def visible_text(markdown: str) -> str:
    """Give what is left to read once the widget has rendered the Markdown."""
    lines = (line.strip() for line in markdown.splitlines())
    return "\n".join(_visible_line(line) for line in lines if line)


def presentation(customer_id: str | None, locale: str, time_zone: str) -> Presentation:
    """Give how dates and money are shown to a shopper."""
    session = Session(
        session_id="",
        message_id="",
        customer_id=customer_id,
        address_key="",
        time_zone=time_zone,
        locale=locale,
    )
    return Presentation.for_session(session)


def card_facts(card: Mapping[str, Any]) -> dict[str, Any]:
    """Give a card's facts under the names of `format.Card`; instants stay ISO texts."""
    match card["type"]:
        case "order":
            return _order_facts(card)
        case "order_list":
            return {"type": "order_list", "orders": [order["number"] for order in card["orders"]]}
        case "seller":
            return {
                "type": "seller",
                "seller": card["name"],
                "reply_hours": str(card["reply_hours"]),
                "number": card["order_number"],
            }
        case other:
            return {"type": other}


def _visible_line(line: str) -> str:
    found = _LINE.match(line)
    return _inline(found["content"] if found else line)


def _inline(text: str) -> str:
    return _INLINE.sub(
        lambda match: _inline(match["bold"]) if match["bold"] else match["sign"] or match["title"],
        text,
    )


def _order_facts(card: Mapping[str, Any]) -> dict[str, Any]:
    shipment, address = card.get("shipment") or {}, card.get("address") or {}
    currency = card["currency"]
    return {
        "type": "order",
        "number": card["number"],
        "status": card["status"],
        "items": [_item(item) for item in card["items"]],
        "price": [_money(item["unit_price_minor"], currency) for item in card["items"]],
        "total": _money(card["total_minor"], currency),
        "seller": card["seller"]["name"],
        "carrier": shipment.get("carrier"),
        "tracking_number": shipment.get("tracking_number"),
        "expected": shipment.get("expected_at"),
        "delivered": shipment.get("delivered_at"),
        "recipient": address.get("recipient"),
        "street": address.get("lines", [None])[0],
        "payment": card.get("payment"),
        "reason": card.get("cancel_reason"),
    }


def _item(item: Mapping[str, Any]) -> str:
    variant = f" ({item['variant']})" if item["variant"] else ""
    return f"{item['quantity']} × {item['title']}{variant}"


def _money(amount_minor: int, currency: str) -> str:
    digits = get_currency_precision(currency)
    return f"{Decimal(amount_minor).scaleb(-digits)} {currency}"
