"""Products and their variants: a parent with children, or one that stands alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from oscar.core.loading import get_class, get_model

from . import contract
from .configuration import configuration
from .contract import instant
from .http import is_storable
from .orders import find_user
from .problems import InvalidInput
from .statuses import configured_status

# Long texts, pictures and links to other records describe a product and tell no variant apart.
_TELLING: Final = (
    "text",
    "integer",
    "boolean",
    "float",
    "date",
    "datetime",
    "option",
    "multi_option",
)
_VALUES: Final = (
    "attribute_values__attribute",
    "attribute_values__value_option",
    "attribute_values__value_multi_option",
)


def product_id(product: Any) -> str:
    """Give the id of the product, or of the one that this is a variant of."""
    whole = product.parent if product.is_child else product
    return str(getattr(whole, configuration().product_id) or f"pk-{whole.pk}")


def attributes_of(variant: Any) -> dict[str, str]:
    """Give what this variant is, by the bot's names."""
    names = configuration().attributes
    values = [one for one in variant.attribute_values.all() if one.attribute.type in _TELLING]
    return {
        names.get(one.attribute.code, one.attribute.code): str(one.value_as_text) for one in values
    }


def product_page(cursor: str | None, limit: int) -> dict[str, Any]:
    """List products in the order they were made, those taken down too.

    Raises:
        InvalidInput: The cursor is none that a page before gave.
    """
    after = cursor or "0"
    if not (after.isascii() and after.isdigit()):
        raise InvalidInput("cursor must be the next_cursor of the page before")
    products = _whole_products().filter(pk__gt=int(after)).order_by("pk")
    found = list(products.prefetch_related(*_with_children(_VALUES))[: limit + 1])
    page = found[:limit]
    return {
        "products": [_product_document(product) for product in page],
        "next_cursor": str(page[-1].pk) if len(found) > limit else None,
    }


def stock_of(title: str) -> tuple[Any, dict[str, Any]] | None:
    """Find the product of this title, and what of it can be ordered now."""
    product = _find_product(title)
    if product is None:
        return None
    strategy = get_class("partner.strategy", "Selector")().strategy()
    variants = sorted(_variants(product), key=_sku)
    document = {
        "id": product_id(product),
        "title": product.get_title(),
        "listed": product.is_public,
        "variants": [
            {"attributes": attributes_of(variant), "stock": _orderable(strategy, variant)}
            for variant in variants
            if variant.is_public or not product.is_public
        ],
    }
    return product, document


def recent_purchases(product: Any, customer_id: str) -> list[dict[str, Any]]:
    """List the customer's orders of the last day that hold the product and are not cancelled."""
    user = find_user(customer_id)
    if user is None:
        return []
    orders = get_model("order", "Order").objects.filter(
        Q(lines__product=product) | Q(lines__product__parent=product),
        user=user,
        date_placed__gt=_window_start(),
    )
    newest_first = orders.distinct().order_by("-date_placed", "-pk")
    return [
        {"order_number": order.number, "placed_at": instant(order.date_placed)}
        for order in newest_first
        if configured_status(order.status) != contract.CANCELLED
    ]


def _window_start() -> datetime:
    return timezone.now() - contract.PURCHASE_WINDOW


def _whole_products() -> QuerySet[Any]:
    product = get_model("catalogue", "Product")
    return product.objects.exclude(structure=product.CHILD)


def _with_children(names: Iterable[str]) -> list[str]:
    return [*names, *(f"children__{name}" for name in names)]


def _find_product(title: str) -> Model | None:
    if not title.strip() or not is_storable(title):
        return None
    products = _whole_products().filter(title__iexact=title.strip())
    needed = ("stockrecords", *_VALUES)
    return products.prefetch_related(*_with_children(needed)).order_by("-is_public", "pk").first()


def _variants(product: Any) -> list[Any]:
    return list(product.children.all()) if product.is_parent else [product]


def _sku(variant: Any) -> tuple[str, int]:
    records = variant.stockrecords.all()
    return (records[0].partner_sku if records else "", variant.pk)


def _orderable(strategy: Any, variant: Any) -> int:
    """Ask the shop's own rules how many of the variant can be ordered now.

    Stock is what is there less what other orders hold. Of what the shop does not count, such as a
    download, there are as many as fit in a basket.
    """
    availability = strategy.fetch_for_product(variant).availability
    if not availability.is_available_to_buy:
        return 0
    most = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD or 1
    return int(getattr(availability, "num_available", most))


def _product_document(product: Any) -> dict[str, Any]:
    values: dict[str, set[str]] = {}
    for variant in _variants(product):
        for name, value in attributes_of(variant).items():
            values.setdefault(name, set()).add(value)
    return {
        "id": product_id(product),
        "title": product.get_title(),
        "attributes": {name: sorted(found) for name, found in values.items()},
    }
