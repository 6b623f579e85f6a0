"""The setting `ORDER_STORE` of the shop's Django project, which holds every choice of the shop.

ORDER_STORE = {
    "TOKEN": os.environ["ORDER_STORE_TOKEN"],
    # Each status of OSCAR_ORDER_STATUS_PIPELINE, and what it means to a shopper.
    "STATUSES": {
        "Pending": "awaiting_payment",
        "Being processed": "awaiting_shipping",
        "Shipped": "awaiting_delivery",
        "Complete": "completed",
        "Cancelled": "cancelled",
    },
    # Which of them an order gets that a shopper cancels.
    "CANCELLED_STATUS": "Cancelled",
    # The seller of what no single partner sells.
    "SHOP": {"id": "shop", "name": "The Shop", "country": "GB", "reply_hours": 24},
}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from . import contract

MIN_TOKEN_CHARS: Final = 20


@dataclass(frozen=True)
class Shop:
    """The shop itself as a seller; `reply_hours` also goes for partners without a profile."""

    id: str
    name: str
    country: str
    reply_hours: int


@dataclass(frozen=True)
class Configuration:
    """What `ORDER_STORE` says.

    Attributes:
        customer_id: The field of the user model that the identity token carries as `sub`.
        product_id: The field of a product that is its id towards the bot, `pk` or `upc`.
        attributes: By the code of a product attribute, what the bot calls it, such as `color`.
        shipped_events: Codes of the shipping events after which a parcel has left the shop.
        delivered_events: Codes of the shipping events after which it has arrived.
        expected_delivery: Given an order and its shipping event, tells when the parcel should
            arrive, or None; Oscar itself keeps no such date.
        lock_timeout_s: How long a request waits for an order that somebody else is changing; the
            bot gives up after 2.5 s.
    """

    token: str = field(repr=False)
    statuses: Mapping[str, str]
    cancelled_status: str
    shop: Shop
    customer_id: str = "pk"
    product_id: str = "pk"
    attributes: Mapping[str, str] = field(default_factory=dict)
    shipped_events: tuple[str, ...] = ("shipped",)
    delivered_events: tuple[str, ...] = ("delivered",)
    expected_delivery: Callable[[Any, Any], Any] | None = None
    lock_timeout_s: float = 1.5


def configuration() -> Configuration:
    """Read the setting.

    Raises:
        ImproperlyConfigured: Something in it is missing or unknown; the message says what.
    """
    raw = getattr(settings, "ORDER_STORE", None)
    if not isinstance(raw, Mapping):
        raise ImproperlyConfigured("ORDER_STORE is missing from the settings")
    values = {str(name).lower(): value for name, value in raw.items()}
    try:
        values["shop"] = Shop(**values.get("shop", {}))
        found = Configuration(**values)
    except TypeError as error:
        raise ImproperlyConfigured(f"ORDER_STORE: {error}") from error
    return _with_checked(found, values)


def _with_checked(found: Configuration, values: dict[str, Any]) -> Configuration:
    if not isinstance(found.token, str) or len(found.token) < MIN_TOKEN_CHARS:
        raise ImproperlyConfigured(f"ORDER_STORE: TOKEN must have {MIN_TOKEN_CHARS} characters")
    unknown = set(found.statuses.values()) - set(contract.STATUSES)
    if unknown:
        raise ImproperlyConfigured(f"ORDER_STORE: STATUSES has {', '.join(sorted(unknown))}")
    if found.statuses.get(found.cancelled_status) != contract.CANCELLED:
        raise ImproperlyConfigured(
            f"ORDER_STORE: STATUSES must make {found.cancelled_status} {contract.CANCELLED}"
        )
    if isinstance(found.expected_delivery, str):
        values["expected_delivery"] = import_string(found.expected_delivery)
    values["shipped_events"] = tuple(found.shipped_events)
    values["delivered_events"] = tuple(found.delivered_events)
    return Configuration(**values)
