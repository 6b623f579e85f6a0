"""An order store in memory, for tests of what stands on an order store."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from threading import RLock

from actions.orders.model import (
    PURCHASE_WINDOW,
    SELLER_MESSAGES_PER_HOUR,
    AuditAction,
    AuditEntry,
    Cancellation,
    CancelReason,
    Order,
    OrderStatus,
    Product,
    ProductStock,
    Purchase,
    PurchaseFacts,
    SellerMessage,
    VariantStock,
    make_product,
    normalise_email,
)
from actions.orders.seller_messages import clean_message, require_within_limit
from actions.orders.shop_file import Shop
from actions.orders.store import (
    Clock,
    OrderNotFound,
    require_cancellable,
    require_cancelled,
    utc_now,
)


class InMemoryOrderStore:
    """An `OrderStore` that a test may look into and change: orders, stock, audit, messages."""

    def __init__(self, shop: Shop, *, clock: Clock = utc_now) -> None:
        self.orders = {order.number: order for order in shop.orders}
        self.stock = {
            variant.sku: variant.stock for product in shop.products for variant in product.variants
        }
        self.products = [
            make_product(
                product.id, product.title, [variant.attributes for variant in product.variants]
            )
            for product in shop.products
        ]
        self.shop = shop
        self.audit: list[AuditEntry] = []
        self.messages: list[SellerMessage] = []
        self._sent: dict[tuple[str, str], SellerMessage] = {}
        self._clock = clock
        self._lock = RLock()

    def find_order(self, number: str, *, customer_id: str) -> Order:
        order = self.orders.get(number)
        if order is None or order.customer_id != customer_id:
            raise OrderNotFound(f"order {number!r} is not known here")
        return order

    def find_guest_order(self, number: str, *, email: str) -> Order:
        order = self.orders.get(number)
        if order is None or normalise_email(order.customer_email) != normalise_email(email):
            raise OrderNotFound(f"order {number!r} is not known here")
        return order

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        own = [order for order in self.orders.values() if order.customer_id == customer_id]
        return sorted(own, key=attrgetter("placed_at", "number"), reverse=True)[:limit]

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        with self._lock:
            order = self.find_order(number, customer_id=customer_id)
            if self._key_was_used(number, idempotency_key):
                return Cancellation(order, happened_now=True)
            require_cancellable(order)
            for item in order.items:
                self.stock[item.sku] += item.quantity
            shown = None if order.status is expected_status else f"shown as {expected_status}"
            self._record(order, "cancel", shown, idempotency_key)
            cancelled = replace(order, status=OrderStatus.CANCELLED, cancelled_at=self._clock())
            self.orders[number] = cancelled
            return Cancellation(cancelled, happened_now=True)

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        known_reason = CancelReason(reason)
        with self._lock:
            order = self.find_order(number, customer_id=customer_id)
            require_cancelled(order)
            if order.cancel_reason != known_reason:
                self.orders[number] = replace(order, cancel_reason=known_reason.value)
                self._record(order, "cancel_reason", known_reason.value, None)

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        plain_text = clean_message(text)
        with self._lock:
            self.find_order(number, customer_id=customer_id)
            key = (number, idempotency_key)
            if key not in self._sent:
                self._sent[key] = self._send(number, customer_id, plain_text)
            return self._sent[key]

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        self.find_order(number, customer_id=customer_id)
        about = [message for message in self.messages if message.order_number == number]
        return sorted(about, key=attrgetter("sent_at"))

    def list_products(self) -> Sequence[Product]:
        return sorted(self.products, key=attrgetter("id"))

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        product = self._product(title.strip().casefold()) if title else None
        addresses = [
            (address.label != customer.default_address, address.label, address)
            for customer in self.shop.customers
            if customer.id == customer_id
            for address in customer.addresses
        ]
        return PurchaseFacts(
            product=product,
            recent_purchases=self._recent(product.id, customer_id) if product else (),
            addresses=tuple(address for _, _, address in sorted(addresses, key=itemgetter(0, 1))),
        )

    def _product(self, title: str) -> ProductStock | None:
        found = [one for one in self.shop.products if one.title.casefold() == title]
        if not found:
            return None
        product = min(found, key=lambda one: (not one.listed, one.id))
        variants = sorted(product.variants, key=attrgetter("sku"))
        stocked = tuple(VariantStock(one.attributes, self.stock[one.sku]) for one in variants)
        return ProductStock(product.id, product.title, product.listed, stocked)

    def _recent(self, product_id: str, customer_id: str | None) -> tuple[Purchase, ...]:
        since = self._clock() - PURCHASE_WINDOW
        return tuple(
            Purchase(order.number, order.placed_at)
            for order in self.list_orders(customer_id or "", limit=len(self.orders))
            if order.placed_at > since
            and order.status is not OrderStatus.CANCELLED
            and any(item.product_id == product_id for item in order.items)
        )

    def _send(self, number: str, customer_id: str, text: str) -> SellerMessage:
        now = self._clock()
        sent_at = [
            message.sent_at
            for message in self.messages
            if message.author == "shopper"
            and self.orders[message.order_number].customer_id == customer_id
        ]
        require_within_limit(sorted(sent_at, reverse=True)[:SELLER_MESSAGES_PER_HOUR], now)
        message = SellerMessage(str(len(self.messages) + 1), number, "shopper", text, now)
        self.messages.append(message)
        return message

    def _key_was_used(self, number: str, key: str) -> bool:
        return any(
            entry.order_number == number and entry.idempotency_key == key for entry in self.audit
        )

    def _record(
        self, order: Order, action: AuditAction, detail: str | None, key: str | None
    ) -> None:
        self.audit.append(
            AuditEntry(
                order_number=order.number,
                actor=order.customer_id,
                at=self._clock(),
                action=action,
                from_status=order.status,
                to_status=OrderStatus.CANCELLED,
                detail=detail,
                idempotency_key=key,
            )
        )
