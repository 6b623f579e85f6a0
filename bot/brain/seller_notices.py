"""Queues each message to a seller for the shop's webhook, in the bot's own database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from actions.orders.model import Order, SellerMessage
from actions.orders.store import OrderStoreUnavailable
from bot.db.engine import writing
from bot.db.webhook_deliveries import Event, note_event

MESSAGE_CREATED = "seller_message.created"


class QueuedSellerNotices:
    """`SellerNotices` that outlive this process: a gateway sends them, however often it takes."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def message_sent(self, order: Order, message: SellerMessage, *, idempotency_key: str) -> None:
        """Queue it; the same key for the same order is one event.

        Raises:
            OrderStoreUnavailable: The bot's database is away.
        """
        event = Event(_event_id(order, idempotency_key), MESSAGE_CREATED, _payload(order, message))
        try:
            with writing(self._engine) as connection:
                note_event(connection, event, now=self._clock())
        except DBAPIError as error:
            raise OrderStoreUnavailable("the webhook's queue cannot be written") from error


def _event_id(order: Order, idempotency_key: str) -> str:
    digest = hashlib.sha256(f"{order.number}\0{idempotency_key}".encode()).hexdigest()
    return f"msg_{digest[:32]}"


def _payload(order: Order, message: SellerMessage) -> str:
    """Say what the seller needs to find the order and answer, and nothing about the customer."""
    return json.dumps(
        {
            "type": MESSAGE_CREATED,
            "timestamp": message.sent_at.isoformat(),
            "data": {
                "order_number": order.number,
                "seller": {"id": order.seller.id, "name": order.seller.name},
                "message": {
                    "id": message.id,
                    "text": message.text,
                    "sent_at": message.sent_at.isoformat(),
                },
                "reply_hours": order.seller.reply_hours,
            },
        },
        ensure_ascii=False,
    )
