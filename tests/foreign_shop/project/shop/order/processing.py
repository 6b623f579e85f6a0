"""What happens in the warehouse and at the till when an order goes on."""

from typing import Any

from oscar.apps.order import processing
from oscar.apps.payment.exceptions import PaymentError


class EventHandler(processing.EventHandler):
    def handle_order_status_change(
        self, order: Any, new_status: str, note_msg: str | None = None
    ) -> None:
        super().handle_order_status_change(order, new_status, note_msg)
        if new_status == "Cancelled" and order.shipping_code == "refund-fails":
            raise PaymentError("The bank does not take the money back")
        if new_status == "Shipped":
            self.consume_stock_allocations(order)
