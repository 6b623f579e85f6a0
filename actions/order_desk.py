"""The order store as one shopper may use it, off the event loop and with a deadline."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import copy_context
from typing import Final, TypeVar

from actions.lookup_limits import LookupAttempt, LookupLimiter
from actions.orders.model import Cancellation, Order, PurchaseFacts, SellerMessage
from actions.orders.store import OrderNotFound, OrderStore, OrderStoreUnavailable
from actions.seller_notices import SellerNotices
from actions.shopper import Shopper

# A shopper with more orders than this can still send a number.
MAX_LISTED_ORDERS: Final = 20

Result = TypeVar("Result")


# Timers may fire this much early; a call that has no more time left is not worth making.
_TOO_SHORT_S: Final = 0.005


class StoreCalls:
    """Runs the store calls of one turn off the event loop, all within one deadline.

    The threads are the store's own: a shop database that hangs holds up nothing else.
    """

    def __init__(
        self, threads: Executor, *, call_deadline_s: float, turn_deadline_s: float
    ) -> None:
        self._threads = threads
        self._call_deadline_s = call_deadline_s
        self._loop = asyncio.get_running_loop()
        self._ends_at_s = self._loop.time() + turn_deadline_s

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run one call; raises `OrderStoreUnavailable` if it takes too long or cannot begin."""
        wait_s = min(self._call_deadline_s, self._ends_at_s - self._loop.time())
        if wait_s <= _TOO_SHORT_S:
            raise OrderStoreUnavailable("the time of this turn is used up")
        running = self._loop.run_in_executor(self._threads, copy_context().run, call)
        try:
            return await asyncio.wait_for(running, wait_s)
        except TimeoutError as error:
            raise OrderStoreUnavailable(f"no answer within {wait_s:.1f} s") from error


class OrderDesk:
    """Every call to the store, made in the name of one shopper.

    All methods raise `OrderStoreUnavailable` when the store is away or takes longer than the
    deadlines of `calls`. A call past its deadline may still have its effect.
    """

    def __init__(
        self,
        store: OrderStore,
        limiter: LookupLimiter,
        notices: SellerNotices,
        shopper: Shopper,
        calls: StoreCalls,
    ) -> None:
        self._store = store
        self._limiter = limiter
        self._notices = notices
        self._calls = calls
        self.shopper = shopper

    def for_shopper(self, shopper: Shopper) -> "OrderDesk":
        return OrderDesk(self._store, self._limiter, self._notices, shopper, self._calls)

    async def find(self, number: str) -> Order | None:
        """Find an order that this shopper may see; None for any other."""
        customer_id = self.shopper.acts_as(number)
        if customer_id is None:
            return None
        try:
            return await self._calls.run(
                lambda: self._store.find_order(number, customer_id=customer_id)
            )
        except OrderNotFound:
            return None

    async def list_visible(self) -> Sequence[Order]:
        """List the orders that this shopper may see, newest first."""
        customer_id = self.shopper.customer_id
        if customer_id is not None:
            return await self._calls.run(
                lambda: self._store.list_orders(customer_id, limit=MAX_LISTED_ORDERS)
            )
        found = await asyncio.gather(*(self.find(proof.number) for proof in self.shopper.proven))
        orders = [order for order in found if order is not None]
        return sorted(orders, key=lambda order: order.placed_at, reverse=True)

    async def find_by_proof(self, number: str, email: str) -> Order | None:
        """Find an order by number and e-mail; None if the two do not belong together."""
        try:
            return await self._calls.run(lambda: self._store.find_guest_order(number, email=email))
        except OrderNotFound:
            return None

    async def seconds_until_lookup(self, attempt: LookupAttempt) -> int:
        return await self._calls.run(lambda: self._limiter.check(attempt))

    async def record_failed_lookup(self, attempt: LookupAttempt) -> None:
        await self._calls.run(lambda: self._limiter.record_failure(attempt))

    async def cancel(self, order: Order, idempotency_key: str) -> Cancellation:
        """Cancel; raises the store's `OrderNotCancellable` and `OrderNotFound`."""
        customer_id = self._owner(order.number)
        return await self._calls.run(
            lambda: self._store.cancel_order(
                order.number,
                customer_id=customer_id,
                expected_status=order.status,
                idempotency_key=idempotency_key,
            )
        )

    async def record_cancel_reason(self, number: str, reason: str) -> None:
        customer_id = self._owner(number)
        await self._calls.run(
            lambda: self._store.record_cancel_reason(number, customer_id=customer_id, reason=reason)
        )

    async def send_to_seller(self, order: Order, text: str, idempotency_key: str) -> SellerMessage:
        """Send; raises the store's refusals, see `OrderStore.send_seller_message`.

        Sent again with the same key, whoever else is told of it is told, if that failed before.
        """
        customer_id = self._owner(order.number)
        message = await self._calls.run(
            lambda: self._store.send_seller_message(
                order.number, customer_id=customer_id, text=text, idempotency_key=idempotency_key
            )
        )
        await self._calls.run(
            lambda: self._notices.message_sent(order, message, idempotency_key=idempotency_key)
        )
        return message

    async def list_seller_messages(self, number: str) -> Sequence[SellerMessage]:
        customer_id = self._owner(number)
        return await self._calls.run(
            lambda: self._store.list_seller_messages(number, customer_id=customer_id)
        )

    async def purchase_facts(self, title: str | None) -> PurchaseFacts:
        """Find what decides whether this shopper can order a product; of a guest little is known.

        An order that a guest proved says nothing about their account and saved addresses.
        """
        customer_id = self.shopper.customer_id
        return await self._calls.run(
            lambda: self._store.purchase_facts(title, customer_id=customer_id)
        )

    def _owner(self, number: str) -> str:
        customer_id = self.shopper.acts_as(number)
        if customer_id is None:
            raise OrderNotFound(f"order {number} is not this shopper's")
        return customer_id
