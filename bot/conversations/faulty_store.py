"""An order store that fails when a conversation says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from actions.orders.model import (
    Cancellation,
    Order,
    OrderStatus,
    Product,
    PurchaseFacts,
    SellerMessage,
)
from actions.orders.store import OrderStore, OrderStoreUnavailable

Result = TypeVar("Result")


class FaultyStore:
    """Passes everything on; is away, or does a change and loses the answer, when told to."""

    def __init__(self, store: OrderStore) -> None:
        self._store = store
        self.is_away = False
        self.loses_next_answer = False

    def mend(self) -> None:
        """Let it work again."""
        self.is_away = self.loses_next_answer = False

    def find_order(self, number: str, *, customer_id: str) -> Order:
        return self._read(lambda: self._store.find_order(number, customer_id=customer_id))

    def find_guest_order(self, number: str, *, email: str) -> Order:
        return self._read(lambda: self._store.find_guest_order(number, email=email))

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        return self._read(lambda: self._store.list_orders(customer_id, limit=limit))

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        return self._change(
            lambda: self._store.cancel_order(
                number,
                customer_id=customer_id,
                expected_status=expected_status,
                idempotency_key=idempotency_key,
            )
        )

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        self._change(
            lambda: self._store.record_cancel_reason(number, customer_id=customer_id, reason=reason)
        )

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        return self._change(
            lambda: self._store.send_seller_message(
                number, customer_id=customer_id, text=text, idempotency_key=idempotency_key
            )
        )

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        return self._read(lambda: self._store.list_seller_messages(number, customer_id=customer_id))

    def list_products(self) -> Sequence[Product]:
        return self._read(self._store.list_products)

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        return self._read(lambda: self._store.purchase_facts(title, customer_id=customer_id))

    def _read(self, call: Callable[[], Result]) -> Result:
        if self.is_away:
            raise OrderStoreUnavailable("it is away, as a conversation says")
        return call()

    def _change(self, call: Callable[[], Result]) -> Result:
        result = self._read(call)
        if self.loses_next_answer:
            self.loses_next_answer = False
            raise OrderStoreUnavailable("its answer was lost, as a conversation says")
        return result
