"""A shop as a JSON file describes it: sellers, products, customers and orders.

Hours in the file are relative to the moment of reading, so that a demo never grows old.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from actions.orders.model import Address, Order, OrderItem, OrderStatus, Seller, Shipment


class ShopFileError(Exception):
    """A shop file that cannot be used; the message names the file, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Variant:
    sku: str
    attributes: Mapping[str, str]
    price_minor: int
    stock: int


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    seller_id: str
    title: str
    listed: bool
    currency: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    email: str
    addresses: tuple[Address, ...]
    default_address: str | None


@dataclass(frozen=True, slots=True)
class Shop:
    sellers: tuple[Seller, ...]
    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]


def read_shop(path: Path, *, now: datetime) -> Shop:
    """Read a shop file, counting its hours from `now`.

    Raises:
        ShopFileError: The file is missing, is no JSON, or does not describe a shop.
    """
    try:
        parsed = _ShopJson.model_validate(json.loads(path.read_text(encoding="utf-8")))
        return _Reader(parsed, now).shop()
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except ValidationError as error:
        raise _unusable(path, _first_problem(error)) from error
    except ValueError as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, problem: str) -> ShopFileError:
    return ShopFileError(
        f"cannot read the shop file {path}: {problem}; "
        "restore the file that came with the project or name a valid one"
    )


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole file"
    return f"{place}: {first['msg']}"


_Value = TypeVar("_Value")
_Text = Annotated[str, StringConstraints(min_length=1)]
_Hours = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
_Amount = Annotated[int, Field(ge=0, le=10**12)]


class _AddressJson(BaseModel):
    label: _Text
    recipient: str
    line1: str
    city: str
    region: str
    postal_code: str
    country: str
    is_default: bool

    def value(self) -> Address:
        return Address(**self.model_dump(exclude={"is_default"}))


class _SellerJson(BaseModel):
    id: _Text
    name: _Text
    country: str
    reply_hours: Annotated[int, Field(ge=0, le=10_000)]
    rating: float | None = None


class _VariantJson(BaseModel):
    sku: _Text
    attributes: dict[str, str]
    price_minor: _Amount
    stock: Annotated[int, Field(ge=0, le=10**9)]


class _ProductJson(BaseModel):
    id: _Text
    seller_id: str
    title: _Text
    listed: bool
    currency: _Text
    variants: list[_VariantJson]


class _CustomerJson(BaseModel):
    id: _Text
    name: _Text
    email: _Text
    addresses: list[_AddressJson]


class _ItemJson(BaseModel):
    sku: str
    quantity: Annotated[int, Field(ge=1, le=10**6)]
    unit_price_minor: _Amount


class _ShipmentJson(BaseModel):
    carrier: _Text
    tracking_number: _Text
    shipped_hours: _Hours | None = None
    eta_hours: _Hours | None = None
    delivered_hours: _Hours | None = None


class _OrderJson(BaseModel):
    number: _Text
    customer_id: str
    seller_id: str
    status: OrderStatus
    placed_hours: _Hours
    items: list[_ItemJson]
    shipping_minor: _Amount
    total_minor: _Amount
    currency: _Text
    address_label: str | None = None
    payment: str | None = None
    shipment: _ShipmentJson | None = None
    cancelled_hours: _Hours | None = None
    cancel_reason: str | None = None


class _ShopJson(BaseModel):
    version: Literal[1]
    sellers: list[_SellerJson]
    products: list[_ProductJson]
    customers: list[_CustomerJson]
    orders: list[_OrderJson]


class _Reader:
    """Follows the references within one parsed file."""

    def __init__(self, parsed: _ShopJson, now: datetime) -> None:
        self._parsed = parsed
        self._now = now
        self._sellers = _keyed(
            "seller", [(seller.id, Seller(**seller.model_dump())) for seller in parsed.sellers]
        )
        self._products = _keyed(
            "product", [(product.id, _product(product)) for product in parsed.products]
        )
        self._customers = _keyed(
            "customer", [(customer.id, _customer(customer)) for customer in parsed.customers]
        )
        self._variants = _keyed(
            "variant",
            [
                (variant.sku, (product, variant))
                for product in self._products.values()
                for variant in product.variants
            ],
        )

    def shop(self) -> Shop:
        for product in self._products.values():
            _look_up(self._sellers, product.seller_id, f"seller of product {product.id}")
        orders = _keyed(
            "order", [(order.number, self._order(order)) for order in self._parsed.orders]
        )
        return Shop(
            sellers=tuple(self._sellers.values()),
            products=tuple(self._products.values()),
            customers=tuple(self._customers.values()),
            orders=tuple(orders.values()),
        )

    def _order(self, order: _OrderJson) -> Order:
        customer = _look_up(self._customers, order.customer_id, f"customer of {order.number}")
        return Order(
            number=order.number,
            customer_id=customer.id,
            customer_name=customer.name,
            customer_email=customer.email,
            seller=_look_up(self._sellers, order.seller_id, f"seller of {order.number}"),
            status=order.status,
            placed_at=self._now + timedelta(hours=order.placed_hours),
            items=tuple(self._item(item, order.number) for item in order.items),
            shipping_minor=order.shipping_minor,
            total_minor=order.total_minor,
            currency=order.currency,
            address=_delivery_address(customer, order),
            payment=order.payment,
            shipment=self._shipment(order.shipment),
            cancelled_at=self._instant(order.cancelled_hours),
            cancel_reason=order.cancel_reason,
        )

    def _item(self, item: _ItemJson, number: str) -> OrderItem:
        product, variant = _look_up(self._variants, item.sku, f"item of {number}")
        return OrderItem(
            sku=item.sku,
            product_id=product.id,
            title=product.title,
            attributes=variant.attributes,
            quantity=item.quantity,
            unit_price_minor=item.unit_price_minor,
        )

    def _shipment(self, shipment: _ShipmentJson | None) -> Shipment | None:
        if shipment is None:
            return None
        return Shipment(
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            shipped_at=self._instant(shipment.shipped_hours),
            expected_at=self._instant(shipment.eta_hours),
            delivered_at=self._instant(shipment.delivered_hours),
        )

    def _instant(self, hours: float | None) -> datetime | None:
        return None if hours is None else self._now + timedelta(hours=hours)


def _product(product: _ProductJson) -> Product:
    variants = tuple(Variant(**variant.model_dump()) for variant in product.variants)
    return Product(**product.model_dump(exclude={"variants"}), variants=variants)


def _customer(customer: _CustomerJson) -> Customer:
    default = [address.label for address in customer.addresses if address.is_default]
    return Customer(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        addresses=tuple(address.value() for address in customer.addresses),
        default_address=default[0] if default else None,
    )


def _delivery_address(customer: Customer, order: _OrderJson) -> Address | None:
    if order.address_label is None:
        return None
    labelled = {address.label: address for address in customer.addresses}
    return _look_up(labelled, order.address_label, f"address of {order.number}")


def _keyed(what: str, pairs: Sequence[tuple[str, _Value]]) -> dict[str, _Value]:
    keyed: dict[str, _Value] = {}
    for key, value in pairs:
        if key in keyed:
            raise ValueError(f"{what} {key!r} is described twice")
        keyed[key] = value
    return keyed


def _look_up(known: Mapping[str, _Value], key: str, what: str) -> _Value:
    try:
        return known[key]
    except KeyError:
        raise ValueError(f"{what} is {key!r}, which the file does not describe") from None
