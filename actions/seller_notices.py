"""Who is told, beside the order store, that a shopper wrote to a seller."""

from typing import Protocol

from actions.orders.model import Order, SellerMessage


class SellerNotices(Protocol):
    """Is told of each message to a seller; may block, and is called outside the event loop."""

    def message_sent(self, order: Order, message: SellerMessage, *, idempotency_key: str) -> None:
        """Pass on a message that the order store holds; told again with the same key, once.

        Raises:
            OrderStoreUnavailable: It cannot be kept for passing on; tell it again.
        """
        ...


class NoNotices:
    """For a shop whose sellers read their messages in the order store."""

    def message_sent(self, order: Order, message: SellerMessage, *, idempotency_key: str) -> None:
        """Do nothing."""
