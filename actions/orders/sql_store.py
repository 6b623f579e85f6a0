"""The order store on an SQL database, SQLite or PostgreSQL.

What may be said about an order and what may be done to it are decided under one lock: the whole
database on SQLite (BEGIN IMMEDIATE), the order's row on PostgreSQL (SELECT … FOR NO KEY UPDATE).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from actions.orders.deadline import require_somebody_waits
from actions.orders.model import (
    PURCHASE_WINDOW,
    SELLER_MESSAGES_PER_HOUR,
    Cancellation,
    CancelReason,
    Order,
    OrderStatus,
    Product,
    PurchaseFacts,
    SellerMessage,
    normalise_email,
)
from actions.orders.seller_messages import LIMIT_WINDOW, clean_message, require_within_limit
from actions.orders.sql_engine import reading, translated_errors
from actions.orders.sql_orders import (
    CUSTOMER_ORDER,
    GUEST_ORDER,
    NEWEST_ORDERS,
    AnyRow,
    read_order,
    read_orders,
)
from actions.orders.sql_products import PRODUCTS, read_products
from actions.orders.sql_purchases import read_addresses, read_product, read_recent_purchases
from actions.orders.sql_schema import customers, order_audit, orders, seller_messages, variants
from actions.orders.store import (
    Clock,
    OrderNotFound,
    require_cancellable,
    require_cancelled,
    utc_now,
)

_LOCKED_ORDER: Final = CUSTOMER_ORDER.with_for_update(of=orders, key_share=True)
_LOCK_CUSTOMER: Final = (
    select(customers.c.id)
    .where(customers.c.id == bindparam("customer_id"))
    .with_for_update(key_share=True)
)
_USED_KEY: Final = select(order_audit.c.id).where(
    order_audit.c.order_number == bindparam("number"),
    order_audit.c.idempotency_key == bindparam("key"),
)
_CANCEL: Final = (
    update(orders)
    .where(orders.c.number == bindparam("cancelled_number"))
    .values(status=OrderStatus.CANCELLED.value, cancelled_at=bindparam("at"))
)
_PUT_BACK: Final = (
    update(variants)
    .where(variants.c.sku == bindparam("returned_sku"))
    .values(stock=variants.c.stock + bindparam("returned"))
)
_SET_REASON: Final = (
    update(orders)
    .where(orders.c.number == bindparam("cancelled_number"))
    .values(cancel_reason=bindparam("reason"))
)
_MESSAGES: Final = (
    select(orders.c.number, *seller_messages.c["id", "author", "text", "sent_at"])
    .outerjoin_from(orders, seller_messages, seller_messages.c.order_number == orders.c.number)
    .where(orders.c.number == bindparam("number"), orders.c.customer_id == bindparam("customer_id"))
    .order_by(seller_messages.c.sent_at, seller_messages.c.id)
)
_SENT_MESSAGE: Final = select(
    seller_messages.c.order_number.label("number"),
    *seller_messages.c["id", "author", "text", "sent_at"],
).where(
    seller_messages.c.order_number == bindparam("number"),
    seller_messages.c.idempotency_key == bindparam("key"),
)
_RECENTLY_SENT: Final = (
    select(seller_messages.c.sent_at)
    .where(
        seller_messages.c.customer_id == bindparam("customer_id"),
        seller_messages.c.author == "shopper",
        seller_messages.c.sent_at > bindparam("since"),
    )
    .order_by(seller_messages.c.sent_at.desc())
    .limit(SELLER_MESSAGES_PER_HOUR)
)


class SqlOrderStore:
    """An `OrderStore` on an engine made by `open_engine`."""

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._reading_engine = reading(engine)
        self._clock = clock

    def find_order(self, number: str, *, customer_id: str) -> Order:
        with self._reading() as connection:
            return _find(connection, number, customer_id)

    def find_guest_order(self, number: str, *, email: str) -> Order:
        email_key = normalise_email(email)
        _require_storable(number, email_key)
        with self._reading() as connection:
            rows = connection.execute(GUEST_ORDER, {"number": number, "email_key": email_key})
            return read_order(_found(rows.all(), number))

    def list_orders(self, customer_id: str, *, limit: int = 5) -> Sequence[Order]:
        if not _is_storable(customer_id):
            return []
        with self._reading() as connection:
            rows = connection.execute(NEWEST_ORDERS, {"customer_id": customer_id, "limit": limit})
            return read_orders(rows)

    def cancel_order(
        self,
        number: str,
        *,
        customer_id: str,
        expected_status: OrderStatus,
        idempotency_key: str,
    ) -> Cancellation:
        with self._writing() as connection:
            order = _lock(connection, number, customer_id)
            if _key_was_used(connection, number, idempotency_key):
                return Cancellation(order, happened_now=True)
            require_cancellable(order)
            self._cancel(connection, order, idempotency_key, expected_status)
            return Cancellation(_find(connection, number, customer_id), happened_now=True)

    def record_cancel_reason(self, number: str, *, customer_id: str, reason: str) -> None:
        known_reason = CancelReason(reason)
        with self._writing() as connection:
            order = _lock(connection, number, customer_id)
            require_cancelled(order)
            if order.cancel_reason == known_reason:
                return
            connection.execute(
                _SET_REASON, {"cancelled_number": number, "reason": known_reason.value}
            )
            self._audit(connection, order, action="cancel_reason", detail=known_reason.value)

    def send_seller_message(
        self, number: str, *, customer_id: str, text: str, idempotency_key: str
    ) -> SellerMessage:
        plain_text = clean_message(text)
        with self._writing() as connection:
            _find(connection, number, customer_id)
            # Two messages at once would each count the other as not yet sent.
            connection.execute(_LOCK_CUSTOMER, {"customer_id": customer_id})
            key = {"number": number, "key": idempotency_key}
            sent = connection.execute(_SENT_MESSAGE, key).one_or_none()
            if sent is None:
                self._send(connection, number, customer_id, plain_text, idempotency_key)
                sent = connection.execute(_SENT_MESSAGE, key).one()
            return _message(sent)

    def list_seller_messages(self, number: str, *, customer_id: str) -> Sequence[SellerMessage]:
        _require_storable(number, customer_id)
        with self._reading() as connection:
            rows = connection.execute(_MESSAGES, {"number": number, "customer_id": customer_id})
            return [_message(row) for row in _found(rows.all(), number) if row.id is not None]

    def list_products(self) -> Sequence[Product]:
        with self._reading() as connection:
            return read_products(connection.execute(PRODUCTS))

    def purchase_facts(self, title: str | None, *, customer_id: str | None) -> PurchaseFacts:
        named = title is not None and _is_storable(title)
        known = customer_id is not None and _is_storable(customer_id)
        since = self._clock() - PURCHASE_WINDOW
        with self._reading() as connection:
            product = read_product(connection, title or "") if named else None
            purchases = (
                product
                and known
                and read_recent_purchases(connection, product.id, customer_id or "", since)
            )
            addresses = read_addresses(connection, customer_id or "") if known else ()
        return PurchaseFacts(product, purchases or (), tuple(addresses))

    def _cancel(
        self, connection: Connection, order: Order, key: str, expected_status: OrderStatus
    ) -> None:
        connection.execute(_CANCEL, {"cancelled_number": order.number, "at": self._clock()})
        _put_stock_back(connection, order)
        shown = None if order.status is expected_status else f"shown as {expected_status}"
        self._audit(connection, order, action="cancel", detail=shown, key=key)

    def _audit(
        self,
        connection: Connection,
        order: Order,
        *,
        action: str,
        detail: str | None,
        key: str | None = None,
    ) -> None:
        connection.execute(
            insert(order_audit),
            {
                "order_number": order.number,
                "actor": order.customer_id,
                "at": self._clock(),
                "action": action,
                "from_status": order.status.value,
                "to_status": OrderStatus.CANCELLED.value,
                "detail": detail,
                "idempotency_key": key,
            },
        )

    def _send(
        self, connection: Connection, number: str, customer_id: str, text: str, key: str
    ) -> None:
        now = self._clock()
        recent = connection.execute(
            _RECENTLY_SENT, {"customer_id": customer_id, "since": now - LIMIT_WINDOW}
        )
        require_within_limit(recent.scalars().all(), now)
        connection.execute(
            insert(seller_messages),
            {
                "order_number": number,
                "customer_id": customer_id,
                "author": "shopper",
                "text": text,
                "sent_at": now,
                "idempotency_key": key,
            },
        )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated_errors(), self._reading_engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated_errors(), self._engine.begin() as connection:
            yield connection
            require_somebody_waits()


def _find(connection: Connection, number: str, customer_id: str) -> Order:
    _require_storable(number, customer_id)
    rows = connection.execute(CUSTOMER_ORDER, {"number": number, "customer_id": customer_id})
    return read_order(_found(rows.all(), number))


def _lock(connection: Connection, number: str, customer_id: str) -> Order:
    _require_storable(number, customer_id)
    rows = connection.execute(_LOCKED_ORDER, {"number": number, "customer_id": customer_id})
    return read_order(_found(rows.all(), number))


def _found(rows: Sequence[AnyRow], number: str) -> Sequence[AnyRow]:
    if not rows:
        raise OrderNotFound(f"order {number!r} is not known here")
    return rows


def _require_storable(number: str, owner: str) -> None:
    if not (_is_storable(number) and _is_storable(owner)):
        raise OrderNotFound(f"order {number!r} is not known here")


def _is_storable(text: str) -> bool:
    """Tell whether a database can hold this text; what it cannot hold it cannot have either."""
    if text.isascii():
        return "\0" not in text
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _key_was_used(connection: Connection, number: str, key: str) -> bool:
    return connection.execute(_USED_KEY, {"number": number, "key": key}).first() is not None


def _put_stock_back(connection: Connection, order: Order) -> None:
    returned: Counter[str] = Counter()
    for item in order.items:
        returned[item.sku] += item.quantity
    if returned:
        # In one order of skus, so that two cancellations never wait for each other in a circle.
        rows = [{"returned_sku": sku, "returned": returned[sku]} for sku in sorted(returned)]
        connection.execute(_PUT_BACK, rows)


def _message(row: AnyRow) -> SellerMessage:
    return SellerMessage(
        id=str(row.id),
        order_number=row.number,
        author=row.author,
        text=row.text,
        sent_at=row.sent_at,
    )
