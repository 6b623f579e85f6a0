"""What happens in the warehouse: goods leave the stock when an order is shipped."""

from typing import Any

from oscar.apps.order import processing


class EventHandler(processing.EventHandler):
    def handle_order_status_change(
        self, order: Any, new_status: str, note_msg: str | None = None
    ) -> None:
        super().handle_order_status_change(order, new_status, note_msg)
        if new_status == "Shipped":
            self.consume_stock_allocations(order)
