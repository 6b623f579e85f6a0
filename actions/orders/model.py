"""What an order is, and what a shopper may do with it in each status.

Money is in minor units of `currency` (ISO 4217); every instant is an aware UTC datetime. A currency
without minor units, such as JPY, simply counts whole units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

AuditAction = Literal["cancel", "cancel_reason"]

MAX_SELLER_MESSAGE_CHARS: Final = 2000
SELLER_MESSAGES_PER_HOUR: Final = 5

# A product bought again within this time looks like a stolen account to the shop.
PURCHASE_WINDOW: Final = timedelta(hours=24)


class OrderStatus(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPPING = "awaiting_shipping"
    AWAITING_DELIVERY = "awaiting_delivery"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CancelRule(StrEnum):
    """Whether an order may be cancelled, and if not, why."""

    ALLOWED = "allowed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    ALREADY_CANCELLED = "already_cancelled"


class ChangeRule(StrEnum):
    """What a shopper can do who chose the wrong size or model."""

    CANCEL_AND_REORDER = "cancel_and_reorder"
    OFFER_SELLER = "offer_seller"
    NOT_POSSIBLE = "not_possible"


class CancelReason(StrEnum):
    CHANGED_MIND = "changed_mind"
    WRONG_ITEM = "wrong_item"
    FOUND_CHEAPER = "found_cheaper"
    TOO_SLOW = "too_slow"
    OTHER = "other"


CANCEL_REASONS: Final = tuple(CancelReason)


@dataclass(frozen=True, slots=True)
class Permissions:
    cancel: CancelRule
    change_item: ChangeRule
    contact_seller: bool


RULES: Final[Mapping[OrderStatus, Permissions]] = MappingProxyType(
    {
        OrderStatus.AWAITING_PAYMENT: Permissions(
            cancel=CancelRule.ALLOWED,
            change_item=ChangeRule.CANCEL_AND_REORDER,
            contact_seller=True,
        ),
        OrderStatus.AWAITING_SHIPPING: Permissions(
            cancel=CancelRule.ALLOWED,
            change_item=ChangeRule.CANCEL_AND_REORDER,
            contact_seller=True,
        ),
        OrderStatus.AWAITING_DELIVERY: Permissions(
            cancel=CancelRule.SHIPPED,
            change_item=ChangeRule.OFFER_SELLER,
            contact_seller=True,
        ),
        OrderStatus.COMPLETED: Permissions(
            cancel=CancelRule.DELIVERED,
            change_item=ChangeRule.OFFER_SELLER,
            contact_seller=True,
        ),
        OrderStatus.CANCELLED: Permissions(
            cancel=CancelRule.ALREADY_CANCELLED,
            change_item=ChangeRule.NOT_POSSIBLE,
            contact_seller=True,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Seller:
    id: str
    name: str
    country: str
    reply_hours: int
    rating: float | None


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order, with title and attributes as they were when it was placed."""

    sku: str
    product_id: str
    title: str
    attributes: Mapping[str, str]
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class Address:
    label: str
    recipient: str
    line1: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True)
class Shipment:
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    expected_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    number: str
    customer_id: str
    customer_name: str
    customer_email: str
    seller: Seller
    status: OrderStatus
    placed_at: datetime
    items: tuple[OrderItem, ...]
    shipping_minor: int
    total_minor: int
    currency: str
    address: Address | None
    payment: str | None
    shipment: Shipment | None
    cancelled_at: datetime | None
    cancel_reason: str | None

    @property
    def permissions(self) -> Permissions:
        return RULES[self.status]


@dataclass(frozen=True, slots=True)
class SellerMessage:
    id: str
    order_number: str
    author: Literal["shopper", "seller"]
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A cancelled order as read back, and whether this request is what cancelled it."""

    order: Order
    happened_now: bool


@dataclass(frozen=True, slots=True)
class Product:
    """A product as shoppers may name it.

    Attributes:
        attributes: What its variants come in, such as `{"color": ("Blue", "Red")}`: for each
            attribute its values, distinct and sorted.
    """

    id: str
    title: str
    attributes: Mapping[str, Sequence[str]]


def make_product(product_id: str, title: str, variants: Iterable[Mapping[str, str]]) -> Product:
    """Make a product from the attributes of each of its variants."""
    values: dict[str, set[str]] = {}
    for attributes in variants:
        for name, value in attributes.items():
            values.setdefault(name, set()).add(value)
    return Product(
        product_id, title, {name: tuple(sorted(values[name])) for name in sorted(values)}
    )


@dataclass(frozen=True, slots=True)
class VariantStock:
    """One variant of a product and how many of it there are."""

    attributes: Mapping[str, str]
    stock: int


@dataclass(frozen=True, slots=True)
class ProductStock:
    """A product as it can be bought now; `listed` is false once the shop has taken it down."""

    id: str
    title: str
    listed: bool
    variants: tuple[VariantStock, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    order_number: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What decides whether a customer can order a product now.

    Attributes:
        product: The product, or None if none was named or the shop has no such product.
        recent_purchases: The customer's orders of the last `PURCHASE_WINDOW` that hold it and are
            not cancelled, newest first.
        addresses: The customer's saved addresses, the default one first.
    """

    product: ProductStock | None
    recent_purchases: tuple[Purchase, ...]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed an order, when, and from which status to which."""

    order_number: str
    actor: str
    at: datetime
    action: AuditAction
    from_status: OrderStatus
    to_status: OrderStatus
    detail: str | None
    idempotency_key: str | None


def normalise_email(email: str) -> str:
    """Give the form in which two e-mail addresses are compared."""
    return email.strip().lower()


def comes_in(attributes: Mapping[str, str], wanted: Iterable[str]) -> bool:
    """Tell whether something has each of these sizes, colours and models, compared by word."""
    has = [set(value.casefold().split()) for value in attributes.values()]
    return all(any(set(one.casefold().split()) <= words for words in has) for one in wanted)
