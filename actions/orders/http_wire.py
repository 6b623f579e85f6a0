"""The documents of the order store's HTTP contract, and what they mean in the model.

`docs/order-store.openapi.yaml` describes them for the shop. A document that does not keep to it is
refused as a whole: an order shown half or wrong would be worse than none.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from actions.orders.model import (
    Address,
    Order,
    OrderItem,
    OrderStatus,
    Product,
    ProductStock,
    Purchase,
    PurchaseFacts,
    Seller,
    SellerMessage,
    Shipment,
    VariantStock,
)

NUMBER_PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9._~-]{0,63}"
# Programs that read JSON agree on no larger number.
MAX_NUMBER: Final = 2**53 - 1
# Further away an instant is a placeholder, and has no place in every time zone.
FIRST_YEAR, LAST_YEAR = 1900, 9000
# They mean nothing to a reader, and not every database can hold NUL.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _to_utc(instant: datetime) -> datetime:
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError("an instant that no order can have")
    return instant.astimezone(UTC)


def _without_control_characters(text: str) -> str:
    return _CONTROL.sub("", text)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
Id = Annotated[str, Field(min_length=1)]
Text = Annotated[str, AfterValidator(_without_control_characters)]
Name = Annotated[Text, Field(min_length=1)]
Number = Annotated[str, Field(pattern=f"^{NUMBER_PATTERN}$")]
CustomerId = Annotated[str, Field(min_length=1, max_length=128)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Count = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
Amount = Annotated[int, Field(ge=-MAX_NUMBER, le=MAX_NUMBER)]


class Document(BaseModel):
    """Fields that this version does not know are passed over; of those it knows, none may lack."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="ignore", hide_input_in_errors=True, from_attributes=True
    )


class SellerDocument(Document):
    id: Id
    name: Name
    country: Text
    reply_hours: Count
    rating: Annotated[float, Field(allow_inf_nan=False)] | None

    def to_model(self) -> Seller:
        return Seller(**dict(self))


class ItemDocument(Document):
    sku: Id
    product_id: Id
    title: Name
    attributes: dict[Text, Text]
    quantity: Annotated[int, Field(ge=1, le=MAX_NUMBER)]
    unit_price_minor: Count

    def to_model(self) -> OrderItem:
        return OrderItem(**dict(self))


class AddressDocument(Document):
    label: Text
    recipient: Text
    line1: Text
    city: Text
    region: Text
    postal_code: Text
    country: Text

    def to_model(self) -> Address:
        return Address(**dict(self))


class ShipmentDocument(Document):
    carrier: Text
    tracking_number: Text
    shipped_at: Instant | None
    expected_at: Instant | None
    delivered_at: Instant | None

    def to_model(self) -> Shipment:
        return Shipment(**dict(self))


class OrderDocument(Document):
    number: Number
    customer_id: CustomerId
    customer_name: Text
    customer_email: str
    seller: SellerDocument
    status: OrderStatus
    placed_at: Instant
    items: tuple[ItemDocument, ...]
    shipping_minor: Amount
    total_minor: Amount
    currency: Currency
    address: AddressDocument | None
    payment: Text | None
    shipment: ShipmentDocument | None
    cancelled_at: Instant | None
    cancel_reason: Text | None

    def to_model(self) -> Order:
        parts = {
            "seller": self.seller.to_model(),
            "items": tuple(item.to_model() for item in self.items),
            "address": self.address and self.address.to_model(),
            "shipment": self.shipment and self.shipment.to_model(),
        }
        return Order(**{**dict(self), **parts})


class OrderListDocument(Document):
    """The orders stay as they came: one that cannot be read must not hide the others."""

    orders: tuple[JsonValue, ...]


class CancellationDocument(Document):
    order: JsonValue
    happened_now: bool


class SellerMessageDocument(Document):
    id: Id
    order_number: Number
    author: Literal["shopper", "seller"]
    text: Text
    sent_at: Instant

    def to_model(self) -> SellerMessage:
        return SellerMessage(**dict(self))


class SellerMessageListDocument(Document):
    messages: tuple[SellerMessageDocument, ...]


class VariantStockDocument(Document):
    attributes: dict[Text, Text]
    stock: Amount


class ProductStockDocument(Document):
    id: Id
    title: Name
    listed: bool
    variants: tuple[VariantStockDocument, ...]

    def to_model(self) -> ProductStock:
        variants = tuple(VariantStock(**dict(variant)) for variant in self.variants)
        return ProductStock(self.id, self.title, self.listed, variants)


class PurchaseDocument(Document):
    order_number: Number
    placed_at: Instant


class PurchaseFactsDocument(Document):
    product: ProductStockDocument | None
    recent_purchases: tuple[PurchaseDocument, ...]
    addresses: tuple[AddressDocument, ...]

    def to_model(self) -> PurchaseFacts:
        return PurchaseFacts(
            product=self.product.to_model() if self.product else None,
            recent_purchases=tuple(Purchase(**dict(one)) for one in self.recent_purchases),
            addresses=tuple(address.to_model() for address in self.addresses),
        )


class ProductDocument(Document):
    id: Id
    title: Name
    attributes: Mapping[Text, tuple[Text, ...]]

    def to_model(self) -> Product:
        values = {name: tuple(sorted(set(found))) for name, found in self.attributes.items()}
        return Product(self.id, self.title, dict(sorted(values.items())))


class ProductPageDocument(Document):
    products: tuple[ProductDocument, ...]
    next_cursor: str | None
