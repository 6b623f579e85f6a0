"""Make the tables of a new shop, and fill it with what `data/demo_shop.json` describes.

Hours in the file count from the shop's clock.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # Django must be set up before
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from order_store.models import CancelReason, SellerProfile  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

STATUSES = {
    "awaiting_payment": "Pending",
    "awaiting_shipping": "Being processed",
    "awaiting_delivery": "Shipped",
    "completed": "Complete",
    "cancelled": "Cancelled",
}
HOLDS_STOCK = ("awaiting_payment", "awaiting_shipping")
STAFF = "staff"


def model(name: str) -> Any:
    return get_model(*name.split("."))


class Loader:
    def __init__(self, shop: dict[str, Any], now: datetime) -> None:
        self.shop = shop
        self.now = now
        self.customers = {one["id"]: one for one in shop["customers"]}

    def load(self) -> None:
        get_user_model().objects.create_superuser(STAFF, "staff@example.com", STAFF)
        for seller in self.shop["sellers"]:
            self.add_seller(seller)
        for product in self.shop["products"]:
            self.add_product(product)
        for customer in self.shop["customers"]:
            self.add_customer(customer)
        for order in self.shop["orders"]:
            self.add_order(order)

    def at(self, hours: float) -> datetime:
        return self.now + timedelta(hours=hours)

    def add_seller(self, seller: dict[str, Any]) -> None:
        partner = model("partner.Partner").objects.create(code=seller["id"], name=seller["name"])
        partner.addresses.create(line1="Warehouse", country=country(seller["country"]))
        SellerProfile.objects.create(
            partner=partner,
            reply_hours=seller["reply_hours"],
            rating=Decimal(str(seller["rating"])),
        )

    def add_product(self, product: dict[str, Any]) -> None:
        """Add what has several variants as a parent with children, anything else by itself."""
        products = model("catalogue.Product").objects
        alone = len(product["variants"]) == 1
        whole = products.create(
            structure="standalone" if alone else "parent",
            upc=product["id"],
            title=product["title"],
            product_class=goods(),
            is_public=product["listed"],
        )
        for variant in product["variants"]:
            sold = whole
            if not alone:
                sold = products.create(
                    structure="child", parent=whole, upc=variant["sku"], is_public=product["listed"]
                )
            for name, value in variant["attributes"].items():
                attribute(name).save_value(sold, value)
            sold.stockrecords.create(
                partner=model("partner.Partner").objects.get(code=product["seller_id"]),
                partner_sku=variant["sku"],
                price_currency=product["currency"],
                price=amount(variant["price_minor"]),
                num_in_stock=variant["stock"],
            )

    def add_customer(self, customer: dict[str, Any]) -> None:
        first, _, last = customer["name"].partition(" ")
        user = get_user_model().objects.create_user(
            customer["id"], customer["email"], "customer", first_name=first, last_name=last
        )
        for address in customer["addresses"]:
            user.addresses.create(
                **address_fields(address), is_default_for_shipping=address["is_default"]
            )

    def add_order(self, order: dict[str, Any]) -> None:
        customer = self.customers[order["customer_id"]]
        (address,) = (a for a in customer["addresses"] if a["label"] == order["address_label"])
        shipment = order["shipment"]
        placed = model("order.Order").objects.create(
            number=order["number"],
            user=get_user_model().objects.get(username=customer["id"]),
            status=STATUSES[order["status"]],
            date_placed=self.at(order["placed_hours"]),
            currency=order["currency"],
            total_incl_tax=amount(order["total_minor"]),
            total_excl_tax=amount(order["total_minor"]),
            shipping_incl_tax=amount(order["shipping_minor"]),
            shipping_excl_tax=amount(order["shipping_minor"]),
            shipping_address=model("order.ShippingAddress").objects.create(
                **address_fields(address)
            ),
            **shipping_method(shipment),
        )
        for item in order["items"]:
            self.add_line(placed, item, holds_stock=order["status"] in HOLDS_STOCK)
        placed.sources.create(source_type=payment(), label=order["payment"])
        if shipment:
            self.add_shipping_event(placed, "Shipped", shipment["shipped_hours"], shipment)
            if shipment["delivered_hours"] is not None:
                self.add_shipping_event(placed, "Delivered", shipment["delivered_hours"], shipment)
        if order["status"] == "cancelled":
            self.add_cancellation(placed, order)

    def add_line(self, order: Any, item: dict[str, Any], *, holds_stock: bool) -> None:
        record = model("partner.StockRecord").objects.get(partner_sku=item["sku"])
        price = amount(item["unit_price_minor"])
        total = price * item["quantity"]
        order.lines.create(
            partner=record.partner,
            partner_name=record.partner.name,
            partner_sku=record.partner_sku,
            stockrecord=record,
            product=record.product,
            title=record.product.get_title(),
            upc=record.product.upc,
            quantity=item["quantity"],
            unit_price_incl_tax=price,
            unit_price_excl_tax=price,
            line_price_incl_tax=total,
            line_price_excl_tax=total,
            line_price_before_discounts_incl_tax=total,
            line_price_before_discounts_excl_tax=total,
            status="Pending" if holds_stock else "Sent",
            num_allocated=item["quantity"] if holds_stock else 0,
        )
        if holds_stock:
            # The file says how many can be bought; those that are held lie in the warehouse too.
            record.num_in_stock += item["quantity"]
            record.save()
            record.allocate(item["quantity"])

    def add_shipping_event(
        self, order: Any, name: str, hours: float, shipment: dict[str, Any]
    ) -> None:
        types = model("order.ShippingEventType").objects
        event_type, _ = types.get_or_create(name=name, code=name.lower())
        event = order.shipping_events.create(
            event_type=event_type, notes=shipment["tracking_number"]
        )
        for line in order.lines.all():
            event.line_quantities.create(line=line, quantity=line.quantity)
        order.shipping_events.filter(pk=event.pk).update(date_created=self.at(hours))

    def add_cancellation(self, order: Any, described: dict[str, Any]) -> None:
        change = order.status_changes.create(old_status="Being processed", new_status="Cancelled")
        at = self.at(described["cancelled_hours"])
        order.status_changes.filter(pk=change.pk).update(date_created=at)
        CancelReason.objects.create(order=order, reason=described["cancel_reason"])


def amount(minor: int) -> Decimal:
    return Decimal(minor) / 100


def shipping_method(shipment: dict[str, Any] | None) -> dict[str, str]:
    if shipment is None:
        return {"shipping_method": "Standard", "shipping_code": "standard"}
    promised = shipment["eta_hours"] - shipment["shipped_hours"]
    return {"shipping_method": shipment["carrier"], "shipping_code": f"tracked-{promised}h"}


def address_fields(address: dict[str, Any]) -> dict[str, Any]:
    first, _, last = address["recipient"].partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "line1": address["line1"],
        "line4": address["city"],
        "state": address["region"],
        "postcode": address["postal_code"],
        "country": country(address["country"]),
    }


@cache
def country(code: str) -> Any:
    return model("address.Country").objects.create(
        iso_3166_1_a2=code, printable_name=code, is_shipping_country=True
    )


@cache
def payment() -> Any:
    return model("payment.SourceType").objects.create(name="Card")


@cache
def goods() -> Any:
    return model("catalogue.ProductClass").objects.create(name="Goods")


@cache
def attribute(name: str) -> Any:
    code = "colour" if name == "color" else name
    return goods().attributes.create(name=code.title(), code=code, type="text")


if __name__ == "__main__":
    call_command("migrate", run_syncdb=True, verbosity=0)
    with transaction.atomic():
        Loader(json.loads(Path(sys.argv[1]).read_text("utf-8")), timezone.now()).load()
