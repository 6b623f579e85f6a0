"""An order store that misbehaves when told to, for what the dialogue says then."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.orders.fake_store import InMemoryOrderStore
from actions.orders.model import (
    Cancellation,
    Order,
    OrderStatus,
    PurchaseFacts,
    SellerMessage,
)
from actions.orders.shop_file import Shop
from actions.orders.store import Clock, OrderStoreUnavailable


def _nothing() -> None:
    """What happens before a call unless a test says otherwise."""


class TroubledStore(InMemoryOrderStore):
    """Is down, slow, or loses its answer after doing what it was asked to."""

    def __init__(self, shop: Shop, *, clock: Clock) -> None:
        super().__init__(shop, clock=clock)
        self.is_down = False
        self.loses_answers = False
        self.delay_s = 0.0
        self.before_cancelling: Callable[[], None] = _nothing
        self.before_sending: Callable[[], None] = _nothing
        self.before_listing: Callable[[], None] = _nothing
        self.before_listing_messages: Callable[[], None] = _nothing

    def set_status(self, number: str, status: OrderStatus) -> None:
        """Change the status as the shop's own system does."""
        self.orders[number] = replace(self.orders[number], status=status)

    def seller_writes(self, number: str, text: str) -> None:
        message_id = str(len(self.messages) + 1)
        self.messages.append(SellerMessage(message_id, number, "seller", text, self._clock()))

    def find_order(self, number: str, *, customer_id: str) -> Order:
        self._suffer()
        return super().find_order(number, customer_id=customer_id)

    def find_guest_order(self, number: str, *, email: str) -> Order:
        self._suffer()
        return super().find_guest_order(number, email=email)

    def list_orders(self, customer_id: str, *, limit: int = 5) -> list[Order]:
        self.before_listing()
        self._suffer()
        return list(super().list_orders(customer_id, limit=limit))

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        self.before_cancelling()
        cancellation = super().cancel_order(
            number,
            customer_id=customer_id,
            expected_status=expected_status,
            idempotency_key=idempotency_key,
        )
        self._lose_answer()
        return cancellation

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        self.before_sending()
        message = super().send_seller_message(
            number, customer_id=customer_id, text=text, idempotency_key=idempotency_key
        )
        self._lose_answer()
        return message

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        self.before_listing_messages()
        return super().list_seller_messages(number, customer_id=customer_id)

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        self._lose_answer()
        super().record_cancel_reason(number, customer_id=customer_id, reason=reason)

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        self._suffer()
        return super().purchase_facts(title, customer_id=customer_id)

    def _suffer(self) -> None:
        time.sleep(self.delay_s)
        if self.is_down:
            raise OrderStoreUnavailable("down for a test")

    def _lose_answer(self) -> None:
        if self.loses_answers:
            raise OrderStoreUnavailable("the answer was lost for a test")
