"""What the bot changes, as the shop's own people see it and as its stock does."""

from datetime import timedelta

import pytest

from actions.orders.model import OrderStatus
from actions.orders.store import OrderStoreUnavailable
from tests.foreign_shop.world import OscarWorld

ANA, GRACE = "C100", "C106"
UNSHIPPED, TWO_PIECES = "8100240002", "8100240063"


def cancel(world: OscarWorld, number: str, customer_id: str) -> OrderStatus:
    cancellation = world.store.cancel_order(
        number,
        customer_id=customer_id,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key="m1",
    )
    return cancellation.order.status


def test_the_dashboard_shows_what_the_shopper_did(oscar_world: OscarWorld) -> None:
    cancel(oscar_world, UNSHIPPED, ANA)
    page = oscar_world.staff.open(f"/dashboard/orders/{UNSHIPPED}/")
    assert "Cancelled by the shopper through the help-center bot" in page
    assert "Dropped" in page  # what the shop's own cascade makes of the lines


def test_the_dashboard_shows_what_the_shopper_wrote(oscar_world: OscarWorld) -> None:
    oscar_world.store.send_seller_message(
        UNSHIPPED, customer_id=ANA, text="Is it <b>waterproof</b>?", idempotency_key="m1"
    )
    page = oscar_world.staff.open(f"/dashboard/orders/{UNSHIPPED}/")
    assert "Is it &lt;b&gt;waterproof&lt;/b&gt;?" in page


def test_notes_of_the_staff_are_not_shown_to_the_shopper(oscar_world: OscarWorld) -> None:
    cancel(oscar_world, UNSHIPPED, ANA)  # which leaves a note
    assert list(oscar_world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == []


def test_only_the_stock_that_an_order_still_holds_is_put_back(oscar_world: OscarWorld) -> None:
    """Of two pieces one was taken out before. Asked for both, Oscar gives back none."""
    oscar_world.change(
        "UPDATE order_line SET num_allocated = 1 WHERE order_id ="
        " (SELECT id FROM order_order WHERE number = :number)",
        number=TWO_PIECES,
    )
    oscar_world.change(
        "UPDATE partner_stockrecord SET num_allocated = num_allocated - 1,"
        " num_in_stock = num_in_stock - 1 WHERE partner_sku = 'P04-WHT'"
    )
    before = oscar_world.stock("P04-WHT")
    cancel(oscar_world, TWO_PIECES, GRACE)
    assert oscar_world.stock("P04-WHT") == before + 1


def test_an_order_whose_product_is_gone_is_cancelled_all_the_same(oscar_world: OscarWorld) -> None:
    oscar_world.change(
        "UPDATE order_line SET product_id = NULL, stockrecord_id = NULL WHERE order_id ="
        " (SELECT id FROM order_order WHERE number = :number)",
        number=UNSHIPPED,
    )
    assert cancel(oscar_world, UNSHIPPED, ANA) is OrderStatus.CANCELLED


def test_a_cancellation_that_the_shop_cannot_finish_has_not_begun(oscar_world: OscarWorld) -> None:
    before = oscar_world.stock("P01-M-BLU")
    oscar_world.change(
        "UPDATE order_order SET shipping_code = 'refund-fails' WHERE number = :number",
        number=UNSHIPPED,
    )
    with pytest.raises(OrderStoreUnavailable):
        cancel(oscar_world, UNSHIPPED, ANA)
    assert oscar_world.status_in_oscar(UNSHIPPED) == "Being processed"
    assert oscar_world.stock("P01-M-BLU") == before
    assert list(oscar_world.audit(UNSHIPPED)) == []


def test_another_reason_replaces_the_first_and_both_are_in_the_audit(
    oscar_world: OscarWorld,
) -> None:
    cancel(oscar_world, UNSHIPPED, ANA)
    for reason in ("too_slow", "other"):
        oscar_world.clock.advance(timedelta(minutes=1))
        oscar_world.store.record_cancel_reason(UNSHIPPED, customer_id=ANA, reason=reason)
    order = oscar_world.store.find_order(UNSHIPPED, customer_id=ANA)
    assert order.cancel_reason == "other"
    assert [entry.detail for entry in oscar_world.audit(UNSHIPPED)] == [None, "too_slow", "other"]
