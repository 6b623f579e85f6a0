"""How an order of Oscar reads on the bot's side, also where Oscar's model is not ours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.orders.model import Address, Order, OrderStatus, Seller
from actions.orders.shop_file import Shop
from actions.orders.store import OrderNotCancellable, OrderNotFound, OrderUnreadable
from tests.actions.orders.worlds import NOW
from tests.foreign_shop.world import OscarWorld

ANA, ELIF = "C100", "C104"
UNPAID, UNSHIPPED, SHIPPED = "8100240001", "8100240002", "8100240003"


def found(world: OscarWorld, number: str = UNSHIPPED) -> Order:
    return world.store.find_order(number, customer_id=ANA)


def nameless(address: Address | None) -> Address | None:
    return address and replace(address, label="")


def make_guest_order(world: OscarWorld, email: str) -> None:
    world.change(
        "UPDATE order_order SET user_id = NULL, guest_email = :email WHERE number = :number",
        number=UNSHIPPED,
        email=email,
    )


def test_every_order_is_found_as_it_is_but_for_the_name_of_its_address(
    oscar_world: OscarWorld, shop: Shop
) -> None:
    orders = [
        oscar_world.store.find_order(order.number, customer_id=order.customer_id)
        for order in shop.orders
    ]
    assert orders == [replace(order, address=nameless(order.address)) for order in shop.orders]


def test_saved_addresses_come_without_names_and_the_default_one_first(
    oscar_world: OscarWorld, shop: Shop
) -> None:
    (ana,) = (one for one in shop.customers if one.id == ANA)
    home, work = ana.addresses
    oscar_world.change(
        "UPDATE address_useraddress SET is_default_for_shipping = (line1 = :line1)",
        line1=work.line1,
    )
    facts = oscar_world.store.purchase_facts(None, customer_id=ANA)
    assert facts.addresses == (nameless(work), nameless(home))


def test_an_order_of_a_guest_is_found_and_cancelled_by_who_proved_it(
    oscar_world: OscarWorld,
) -> None:
    make_guest_order(oscar_world, "Visitor@example.com")
    order = oscar_world.store.find_guest_order(UNSHIPPED, email="visitor@example.com")
    assert (order.customer_id, order.customer_name) == (f"guest:{UNSHIPPED}", "Ana Torres")
    cancelled = oscar_world.store.cancel_order(
        UNSHIPPED,
        customer_id=order.customer_id,
        expected_status=order.status,
        idempotency_key="m1",
    )
    assert cancelled.order.status is OrderStatus.CANCELLED
    with pytest.raises(OrderNotFound):
        found(oscar_world)


def test_what_several_partners_sell_together_is_sold_by_the_shop(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE order_line SET partner_id = (SELECT id FROM partner_partner WHERE code = 'S1')"
        " WHERE partner_sku = 'P04-WHT'"
    )
    assert found(oscar_world, SHIPPED).seller == Seller("shop", "The Shop", "GB", 24, None)


def test_a_partner_without_a_profile_answers_as_fast_as_the_shop(oscar_world: OscarWorld) -> None:
    oscar_world.change("DELETE FROM order_store_sellerprofile")
    oscar_world.change("DELETE FROM partner_partneraddress")
    assert found(oscar_world).seller == Seller("S1", "Northwind Outdoor", "GB", 24, None)


def test_a_line_outlives_its_product(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE order_line SET product_id = NULL, stockrecord_id = NULL WHERE order_id ="
        " (SELECT id FROM order_order WHERE number = :number)",
        number=UNSHIPPED,
    )
    (item,) = found(oscar_world).items
    assert (item.title, item.sku, item.product_id) == (
        "Trail Rain Jacket",
        "P01-M-BLU",
        "P01-M-BLU",
    )
    assert item.attributes == {}


def test_money_is_in_minor_units_of_its_currency(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE order_order SET currency = 'JPY', total_incl_tax = 1200 WHERE number = :number",
        number=UNSHIPPED,
    )
    assert found(oscar_world).total_minor == 1200


def test_what_has_left_the_shop_is_shipped_whatever_its_status(oscar_world: OscarWorld) -> None:
    """The dashboard adds a shipping event and leaves the order's status alone."""
    oscar_world.staff.add_shipping_event(UNSHIPPED, "shipped", "1Z999")
    assert oscar_world.status_in_oscar(UNSHIPPED) == "Being processed"
    order = found(oscar_world)
    assert order.status is OrderStatus.AWAITING_DELIVERY
    assert order.shipment is not None
    assert (order.shipment.tracking_number, order.shipment.shipped_at) == ("1Z999", NOW)
    with pytest.raises(OrderNotCancellable):
        oscar_world.store.cancel_order(
            UNSHIPPED, customer_id=ANA, expected_status=order.status, idempotency_key="m1"
        )


def test_of_several_parcels_the_newest_is_shown(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE order_line SET quantity = 9 WHERE order_id ="
        " (SELECT id FROM order_order WHERE number = :number)",
        number=SHIPPED,
    )
    oscar_world.clock.advance(timedelta(hours=1))
    oscar_world.staff.add_shipping_event(SHIPPED, "shipped", "second parcel", quantity=1)
    shipment = found(oscar_world, SHIPPED).shipment
    assert shipment is not None
    assert shipment.tracking_number == "second parcel"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE order_order SET status = 'On hold' WHERE number = :number",
        "UPDATE order_order SET number = '#17/4' WHERE number = :number",
    ],
)
def test_an_order_that_the_contract_has_no_place_for_does_not_hide_the_others(
    oscar_world: OscarWorld, change: str
) -> None:
    oscar_world.change(change, number=UNPAID)
    listed = [order.number for order in oscar_world.store.list_orders(ANA)]
    assert listed == [UNSHIPPED, SHIPPED, "8100240005", "8100240004"]


def test_an_order_in_a_status_that_is_not_configured_cannot_be_read(
    oscar_world: OscarWorld,
) -> None:
    oscar_world.change("UPDATE order_order SET status = 'On hold'")
    with pytest.raises(OrderUnreadable):
        found(oscar_world)


def test_stock_that_orders_hold_cannot_be_ordered(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE partner_stockrecord SET num_allocated = num_in_stock - 3"
        " WHERE partner_sku = 'P11-STD'"
    )
    product = oscar_world.store.purchase_facts("Wooden Train Set", customer_id=ELIF).product
    assert product is not None
    assert [variant.stock for variant in product.variants] == [3]


def test_of_what_the_shop_does_not_count_as_many_can_be_ordered_as_fit_in_a_basket(
    oscar_world: OscarWorld,
) -> None:
    oscar_world.change("UPDATE catalogue_productclass SET track_stock = 0")
    product = oscar_world.store.purchase_facts("Wooden Train Set", customer_id=ELIF).product
    assert product is not None
    assert [variant.stock for variant in product.variants] == [10_000]
