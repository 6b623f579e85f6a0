"""What keeps a customer from ordering a product, decided from the facts of the order store.

The three checks are those of the help article *Why can't I place an order?*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from actions.orders.model import (
    PURCHASE_WINDOW,
    Address,
    Purchase,
    PurchaseFacts,
    VariantStock,
    comes_in,
)

# What is printed on a parcel; the label is the customer's own name for the address.
PRINTED: Final = ("recipient", "line1", "city", "region", "postal_code")


@dataclass(frozen=True, slots=True)
class TakenDown:
    """The shop no longer offers the product."""


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """Variants that were meant and are sold out, and those that are not."""

    sold_out: tuple[VariantStock, ...]
    in_stock: tuple[VariantStock, ...]


@dataclass(frozen=True, slots=True)
class NoSuchVariant:
    """The product does not come in what was named; `in_stock` is what there is of it."""

    in_stock: tuple[VariantStock, ...]


@dataclass(frozen=True, slots=True)
class BoughtBefore:
    """Bought so recently that the shop's security check may refuse it until `possible_at`."""

    purchases: tuple[Purchase, ...]
    possible_at: datetime


@dataclass(frozen=True, slots=True)
class ForeignCharacters:
    """A saved address with parts that hold characters other than English ones."""

    address: Address
    parts: tuple[str, ...]


Obstacle = TakenDown | OutOfStock | NoSuchVariant | BoughtBefore | ForeignCharacters


def find_obstacles(facts: PurchaseFacts, wanted: Sequence[str] = ()) -> tuple[Obstacle, ...]:
    """Give all that keeps the customer from ordering, the product's own obstacles first.

    Args:
        facts: What the order store knows.
        wanted: Sizes, colours and models that were named; without any, each variant may be meant.
    """
    found = (
        _availability(facts, wanted),
        _repetition(facts),
        *_addresses(facts.addresses),
    )
    return tuple(obstacle for obstacle in found if obstacle is not None)


def _availability(facts: PurchaseFacts, wanted: Sequence[str]) -> Obstacle | None:
    product = facts.product
    if product is None:
        return None
    if not product.listed:
        return TakenDown()
    in_stock = tuple(variant for variant in product.variants if variant.stock > 0)
    meant = [variant for variant in product.variants if comes_in(variant.attributes, wanted)]
    if product.variants and not meant:
        return NoSuchVariant(in_stock)
    sold_out = tuple(variant for variant in meant if variant.stock <= 0)
    return OutOfStock(sold_out, in_stock) if sold_out or not product.variants else None


def _repetition(facts: PurchaseFacts) -> BoughtBefore | None:
    purchases = facts.recent_purchases
    if not purchases:
        return None
    latest = max(purchase.placed_at for purchase in purchases)
    return BoughtBefore(purchases, latest + PURCHASE_WINDOW)


def _addresses(addresses: Sequence[Address]) -> Iterator[ForeignCharacters]:
    for address in addresses:
        printed = [getattr(address, name) for name in PRINTED]
        if foreign := tuple(part for part in printed if not part.isascii()):
            yield ForeignCharacters(address, foreign)
