"""The order store as the actions see it, and everything that can go wrong with one.

    OrderStoreError
    ├── OrderNotFound            no such order, or it is somebody else's
    ├── OrderNotCancellable      its status forbids it; carries the order and the rule
    ├── OrderNotCancelled        a cancel reason was given for an order that is not cancelled
    ├── SellerMessageRejected    the text is empty or too long
    ├── TooManySellerMessages    the hourly limit is reached; carries `retry_after_s`
    └── OrderStoreUnavailable    the store cannot answer
        └── OrderUnreadable      the store answered with an order or product that this version
                                 cannot read

All but the last two are answers to give to the shopper. After `OrderStoreUnavailable` it is not
known whether a change was made: ask again with the same idempotency key.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from actions.orders.model import (
    RULES,
    Cancellation,
    CancelRule,
    Order,
    OrderStatus,
    Product,
    PurchaseFacts,
    SellerMessage,
)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class OrderStoreUrlError(ValueError):
    """`ORDER_STORE_URL` names no store that can be used; the message says what to write instead."""


class OrderStoreError(Exception):
    """Base of everything an order store raises."""


class OrderNotFound(OrderStoreError):
    """No order with this number is known for this customer or e-mail."""


class OrderNotCancellable(OrderStoreError):
    def __init__(self, order: Order, rule: CancelRule) -> None:
        super().__init__(f"order {order.number} is {order.status}: {rule}")
        self.order = order
        self.rule = rule


class OrderNotCancelled(OrderStoreError):
    """A reason for cancelling was given for an order that is not cancelled."""


class MessageProblem(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"


class SellerMessageRejected(OrderStoreError):
    def __init__(self, problem: MessageProblem) -> None:
        super().__init__(f"message to the seller is {problem}")
        self.problem = problem


class TooManySellerMessages(OrderStoreError):
    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the next message to a seller may be sent in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class OrderStoreUnavailable(OrderStoreError):
    """The store is away, too slow or broken."""


class OrderUnreadable(OrderStoreUnavailable):
    """An order holds something that this version does not know, such as a new status."""


class OrderStore(Protocol):
    """Orders of one shop.

    Every method may raise `OrderStoreUnavailable`. An order of another customer is answered exactly
    like one that does not exist.
    """

    def find_order(self, number: str, *, customer_id: str) -> Order:
        """Find an order of this customer.

        Raises:
            OrderNotFound: There is none, or it is somebody else's.
        """
        ...

    def find_guest_order(self, number: str, *, email: str) -> Order:
        """Find an order by the e-mail used for it, compared without case and outer spaces.

        Raises:
            OrderNotFound: The number is unknown or the e-mail is wrong, told apart by nothing.
        """
        ...

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        """List the customer's orders, newest first; none for an unknown customer.

        An order that cannot be read is logged and left out.
        """
        ...

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        """Cancel, put the stock back and write the audit entry, all or nothing.

        The status is checked again inside the transaction. One that is not `expected_status` but
        can still be cancelled is cancelled too. A key that was used for this order before changes
        nothing and gives the first answer again.

        Raises:
            OrderNotFound: There is none, or it is somebody else's.
            OrderNotCancellable: The status forbids it by now.
        """
        ...

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        """Keep why a cancelled order was cancelled; `reason` is one of `CANCEL_REASONS`.

        Raises:
            OrderNotFound: There is none, or it is somebody else's.
            OrderNotCancelled: The order is not cancelled.
        """
        ...

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        """Store a message for the order's seller; a key used before gives the first message again.

        Raises:
            OrderNotFound: There is none, or it is somebody else's.
            SellerMessageRejected: The text is empty or too long.
            TooManySellerMessages: The customer sent too many within the hour.
        """
        ...

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        """List what shopper and seller wrote about this order, oldest first.

        Raises:
            OrderNotFound: There is none, or it is somebody else's.
        """
        ...

    def list_products(self) -> Sequence[Product]:
        """List all products by id, also those taken down: an order may still hold them.

        Raises:
            OrderUnreadable: A variant's attributes are not texts by name.
        """
        ...

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        """Find what decides whether this customer can order the product of this title now.

        The title is compared without case and outer spaces; of several products, one that is listed
        counts. Without a customer, or for an unknown one, there are neither purchases nor
        addresses.

        Raises:
            OrderUnreadable: A variant's attributes are not texts by name.
        """
        ...


def require_cancellable(order: Order) -> None:
    """Raise `OrderNotCancellable` unless the rules allow cancelling in the order's status."""
    rule = RULES[order.status].cancel
    if rule is not CancelRule.ALLOWED:
        raise OrderNotCancellable(order, rule)


def require_cancelled(order: Order) -> None:
    """Raise `OrderNotCancelled` unless the order is cancelled."""
    if order.status is not OrderStatus.CANCELLED:
        raise OrderNotCancelled(f"order {order.number} is {order.status}")
