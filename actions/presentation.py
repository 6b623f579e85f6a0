"""How data of the shop looks to one shopper: money, dates, cards, and what a guest sees masked."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_precision
from babel.units import format_unit

from actions.orders.model import (
    CANCEL_REASONS,
    Address,
    CancelReason,
    Order,
    OrderItem,
    OrderStatus,
    Shipment,
    VariantStock,
)
from actions.turn import Session

Card = dict[str, Any]

MASK: Final = "•••"

# What a card and a choice have room for; an order may hold far more.
MAX_CARD_ITEMS: Final = 50
MAX_TITLE_CHARS: Final = 200
MAX_SUMMARY_CHARS: Final = 80
MAX_ENUMERATED: Final = 8

_EMAIL: Final = re.compile(r"[^\s@()<>]+@[^\s@()<>]+")
_DIGITS: Final = re.compile(r"\d+")
# Signs of emphasis and links, the colon of an address, and what makes a line an item or a heading.
_MARKUP: Final = re.compile(
    r"[\\*\[\]`]|:(?=//)|^(?P<indent>\s*)(?:[-•](?=\s)|#(?=#*\s)|(?P<place>\d+)[.)](?=\s))",
    re.MULTILINE,
)


def plain(text: str) -> str:
    """Escape what Markdown or Rasa's template filling would read as more than text."""
    return _MARKUP.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    before = (match["indent"] or "") + (match["place"] or "")
    return f"{before}\\{match[0][len(before) :]}"


def status_text(status: OrderStatus) -> str:
    """Give the shop's own name of a status: `awaiting_payment` is shown as Awaiting Payment."""
    return status.value.replace("_", " ").title()


def reason_text(reason: str | None) -> str | None:
    """Give a reason for cancelling as a card shows it; one that says nothing is not shown."""
    if reason not in CANCEL_REASONS or reason == CancelReason.OTHER:
        return None
    return CancelReason(reason).value.replace("_", " ").capitalize()


def mask_email(email: str) -> str:
    name, _, host = email.partition("@")
    return f"{name[:1]}{MASK}@{host}"


def mask_street(line: str) -> str:
    return f"{line[:1]}{MASK}"


def mask_name(name: str) -> str:
    """Leave the first letter of each word."""
    return " ".join(f"{word[:1]}{MASK}" for word in name.split())


def mask_payment(payment: str) -> str:
    """Leave the kind of payment, without the digits of a card or an account's address."""
    without_emails = _EMAIL.sub(lambda found: mask_email(found.group()), payment)
    return _DIGITS.sub(MASK, without_emails)


def clip(text: str, most_chars: int) -> str:
    """Cut a text that is longer than there is room for."""
    return text if len(text) <= most_chars else f"{text[: most_chars - 1].rstrip()}…"


def summarise_items(items: Sequence[OrderItem]) -> str:
    """Name the first item and count the others; an order without items has no summary."""
    first = clip(items[0].title, MAX_SUMMARY_CHARS) if items else ""
    return first if len(items) <= 1 else f"{first} + {len(items) - 1} more"


@dataclass(frozen=True, slots=True)
class Presentation:
    locale: Locale
    time_zone: ZoneInfo
    masked: bool

    @classmethod
    def for_session(cls, session: Session) -> Self:
        """Use the session's locale and time zone; English and UTC where they make no sense."""
        return cls(
            locale=_locale(session.locale),
            time_zone=_time_zone(session.time_zone),
            masked=session.customer_id is None,
        )

    def money(self, amount_minor: int, currency: str) -> str:
        digits = get_currency_precision(currency)
        amount = Decimal(amount_minor).scaleb(-digits)
        return format_currency(amount, currency, locale=self.locale)

    def day(self, instant: datetime) -> str:
        return format_date(instant.astimezone(self.time_zone), format="medium", locale=self.locale)

    def short_day(self, instant: datetime) -> str:
        return format_skeleton("MMMEd", instant, tzinfo=self.time_zone, locale=self.locale)

    def bare_day(self, instant: datetime) -> str:
        """Give month and day alone, for lists."""
        return format_skeleton("MMMd", instant, tzinfo=self.time_zone, locale=self.locale)

    def moment(self, instant: datetime) -> str:
        """Give day and time of day."""
        time = format_time(instant, format="short", tzinfo=self.time_zone, locale=self.locale)
        return f"{self.short_day(instant)}, {time}"

    def enumeration(self, texts: Sequence[str]) -> str:
        """Join texts as a sentence does: *a, b and c*; many are cut off with an ellipsis."""
        shown = [*texts[:MAX_ENUMERATED], *(["…"] if len(texts) > MAX_ENUMERATED else [])]
        return format_list(shown, locale=self.locale)

    def items(self, items: Sequence[OrderItem]) -> str:
        """Name all items with their variants and quantities."""
        return self.enumeration([_item_line(item) for item in items])

    def address(self, address: Address) -> str:
        """Give an address on one line, its street masked for a guest."""
        shown = self._address(address)
        return ", ".join([shown["recipient"], *shown["lines"]])

    def variants(self, variants: Sequence[VariantStock]) -> str:
        """Name variants of a product by what tells them apart."""
        common = set.intersection(*(set(one.attributes.items()) for one in variants))
        if len(variants) == 1:
            common = set()
        named = [
            " ".join(value for name, value in one.attributes.items() if (name, value) not in common)
            for one in variants
        ]
        return self.enumeration(named)

    def hours(self, count: int) -> str:
        return format_unit(count, "duration-hour", locale=self.locale)

    def minutes(self, duration_s: int) -> str:
        return format_unit(math.ceil(duration_s / 60), "duration-minute", locale=self.locale)

    def order_name(self, order: Order) -> str:
        """Name an order in a sentence, with what is in it in few words."""
        summary = summarise_items(order.items)
        return f"{order.number} ({summary})" if summary else order.number

    def choice_title(self, order: Order) -> str:
        """Name an order so that two of the same item and day can be told apart."""
        placed = self.bare_day(order.placed_at)
        parts = (order.number, summarise_items(order.items), placed, status_text(order.status))
        return " · ".join(part for part in parts if part)

    def order_card(self, order: Order) -> Card:
        return {
            "type": "order",
            "number": order.number,
            "status": order.status.value,
            "status_text": status_text(order.status),
            "placed_at": order.placed_at.isoformat(),
            "items": [_item(item) for item in order.items[:MAX_CARD_ITEMS]],
            "items_left_out": max(0, len(order.items) - MAX_CARD_ITEMS),
            "shipping_minor": order.shipping_minor,
            "total_minor": order.total_minor,
            "currency": order.currency,
            "seller": {"name": order.seller.name},
            "shipment": order.shipment and _shipment(order.shipment),
            "address": order.address and self._address(order.address),
            "payment": order.payment and self.payment(order.payment),
            "cancelled_at": _iso(order.cancelled_at),
            "cancel_reason": reason_text(order.cancel_reason),
        }

    def order_list_card(self, orders: Sequence[Order]) -> Card:
        return {
            "type": "order_list",
            "orders": [
                {
                    "number": order.number,
                    "status": order.status.value,
                    "status_text": status_text(order.status),
                    "placed_at": order.placed_at.isoformat(),
                    "summary": summarise_items(order.items),
                    "total_minor": order.total_minor,
                    "currency": order.currency,
                }
                for order in orders
            ],
        }

    def seller_card(self, order: Order) -> Card:
        return {
            "type": "seller",
            "name": order.seller.name,
            "reply_hours": order.seller.reply_hours,
            "order_number": order.number,
        }

    def payment(self, payment: str) -> str:
        return mask_payment(payment) if self.masked else payment

    def _address(self, address: Address) -> Card:
        street = mask_street(address.line1) if self.masked else address.line1
        recipient = mask_name(address.recipient) if self.masked else address.recipient
        town = " ".join(part for part in (address.region, address.postal_code) if part)
        lines = (street, ", ".join(part for part in (address.city, town) if part), address.country)
        return {"recipient": recipient, "lines": [line for line in lines if line]}


def _item_line(item: OrderItem) -> str:
    variant = ", ".join(item.attributes.values())
    return f"{item.quantity} × {item.title}" + (f" ({variant})" if variant else "")


def _item(item: OrderItem) -> Mapping[str, Any]:
    return {
        "title": clip(item.title, MAX_TITLE_CHARS),
        "variant": clip(", ".join(item.attributes.values()), MAX_TITLE_CHARS),
        "quantity": item.quantity,
        "unit_price_minor": item.unit_price_minor,
    }


def _shipment(shipment: Shipment) -> Card:
    return {
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "shipped_at": _iso(shipment.shipped_at),
        "expected_at": _iso(shipment.expected_at),
        "delivered_at": _iso(shipment.delivered_at),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
