"""An order of Oscar as a document of the contract."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from . import contract
from .configuration import configuration
from .contract import instant
from .money import to_minor
from .orders import customer_of
from .problems import OrderUnreadable
from .products import attributes_of, product_id
from .statuses import cancelled_at, last_delivered, last_shipped, status_of

_log = logging.getLogger(__name__)


def order_document(order: Any) -> dict[str, Any]:
    """Describe the order.

    Raises:
        OrderUnreadable: It holds what the contract has no place for.
    """
    status = status_of(order)
    if not contract.NUMBER.fullmatch(order.number):
        raise OrderUnreadable(f"order {order.number}: the bot can ask for no such number")
    was_cancelled = status == contract.CANCELLED
    return {
        "number": order.number,
        "customer_id": customer_of(order),
        "customer_name": _customer_name(order),
        "customer_email": order.email,
        "seller": _seller(order),
        "status": status,
        "placed_at": instant(order.date_placed),
        "items": [_item(line, order.currency) for line in order.lines.all()],
        "shipping_minor": to_minor(order.shipping_incl_tax, order.currency),
        "total_minor": to_minor(order.total_incl_tax, order.currency),
        "currency": order.currency,
        "address": order.shipping_address and address_document(order.shipping_address),
        "payment": _payment(order),
        "shipment": _shipment(order),
        "cancelled_at": instant(cancelled_at(order)) if was_cancelled else None,
        "cancel_reason": _cancel_reason(order) if was_cancelled else None,
    }


def order_documents(orders: Iterable[Any]) -> list[dict[str, Any]]:
    """Describe the orders; one that cannot be described must not hide the others."""
    documents = []
    for order in orders:
        try:
            documents.append(order_document(order))
        except OrderUnreadable as unreadable:
            _log.warning("left out of a list: %s", unreadable.detail)
    return documents


def address_document(address: Any) -> dict[str, str]:
    """Describe an address; Oscar's have no name such as Home, and keep the city in `line4`."""
    street = (address.line1, address.line2, address.line3)
    return {
        "label": "",
        "recipient": address.name,
        "line1": ", ".join(line for line in street if line),
        "city": address.line4,
        "region": address.state,
        "postal_code": address.postcode or "",
        "country": address.country_id,
    }


def message_document(message: Any) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "order_number": message.order.number,
        "author": message.author,
        "text": message.text,
        "sent_at": instant(message.sent_at),
    }


def _customer_name(order: Any) -> str:
    name = order.user.get_full_name() if order.user else ""
    return name or (order.shipping_address.name if order.shipping_address else "")


def _seller(order: Any) -> dict[str, Any]:
    """Describe who sells all of the order's lines: one partner, or else the shop itself."""
    shop = configuration().shop
    partners = {line.partner_id: line.partner for line in order.lines.all()}
    partner = next(iter(partners.values())) if len(partners) == 1 else None
    if partner is None:
        return {**vars(shop), "rating": None}
    addresses = partner.addresses.all()
    profile = getattr(partner, "bot_profile", None)
    rating = profile.rating if profile else None
    return {
        "id": partner.code,
        "name": partner.display_name,
        "country": addresses[0].country_id if addresses else shop.country,
        "reply_hours": profile.reply_hours if profile else shop.reply_hours,
        "rating": None if rating is None else float(rating),
    }


def _item(line: Any, currency: str) -> dict[str, Any]:
    """Describe a line. What its variant is Oscar does not copy into it: that is the product's of
    today, with what the shopper chose by options."""
    known_as = product_id(line.product) if line.product else line.upc or f"line-{line.pk}"
    chosen = {one.type: _option_text(one.value) for one in line.attributes.all()}
    of_product = attributes_of(line.product) if line.product else {}
    return {
        "sku": line.partner_sku or known_as,
        "product_id": known_as,
        "title": line.title or known_as,
        "attributes": {**of_product, **chosen},
        "quantity": line.quantity,
        "unit_price_minor": to_minor(_unit_price(line), currency),
    }


def _option_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _unit_price(line: Any) -> Any:
    if line.unit_price_incl_tax is not None:
        return line.unit_price_incl_tax
    return line.line_price_before_discounts_incl_tax / line.quantity


def _payment(order: Any) -> str | None:
    ways = [source.label or source.source_type.name for source in order.sources.all()]
    return ", ".join(ways) or None


def _shipment(order: Any) -> Mapping[str, Any] | None:
    """Describe the newest parcel. The dashboard's *reference*, by its own help text the tracking
    number, is in the event's notes; the carrier is what the shipping method is called."""
    shipped = last_shipped(order)
    if shipped is None:
        return None
    delivered = last_delivered(order)
    expect = configuration().expected_delivery
    return {
        "carrier": order.shipping_method,
        "tracking_number": shipped.notes or "",
        "shipped_at": instant(shipped.date_created),
        "expected_at": instant(expect(order, shipped)) if expect else None,
        "delivered_at": instant(delivered.date_created) if delivered else None,
    }


def _cancel_reason(order: Any) -> str | None:
    kept = getattr(order, "bot_cancel_reason", None)
    return kept.reason if kept else None
