"""Messages between a shopper and the seller of an order.

Sellers answer in Django's admin (`admin.py`). A note on the order, which the
dashboard shows, tells staff of a new message; notes are for staff only, and the bot reads none.
"""

import math
import unicodedata
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_class

from . import contract
from .models import SellerMessage
from .orders import find_order, lock_order
from .problems import SellerMessageRejected, TooManySellerMessages

_LINE_CHARACTERS: Final = "\n\t"
_NOT_TEXT: Final = ("Cc", "Cs")  # control characters and lone surrogates


def send_message(number: str, customer_id: str, text: str, key: str) -> SellerMessage:
    """Keep a message to the order's seller; a key used before gives the first message again.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
        SellerMessageRejected: The text is empty or too long.
        TooManySellerMessages: The customer sent too many within the hour.
    """
    with transaction.atomic(durable=True):
        order: Any = lock_order(number, customer_id)
        sent = order.bot_messages.filter(idempotency_key=key).first()
        if sent is not None:
            return sent
        plain = _cleaned(text)
        _require_within_limit(order, customer_id)
        message = SellerMessage.objects.create(
            order=order,
            customer_id=customer_id,
            author=SellerMessage.SHOPPER,
            text=plain,
            idempotency_key=key,
        )
        handler = get_class("order.processing", "EventHandler")()
        handler.create_note(order, f"Message from the shopper to the seller: {plain}")
        return message


def list_messages(number: str, customer_id: str) -> list[SellerMessage]:
    """List what shopper and seller wrote, oldest first.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
    """
    order: Any = find_order(number, customer_id)
    return list(order.bot_messages.select_related("order"))


def _require_within_limit(order: Any, customer_id: str) -> None:
    if order.user_id is not None:
        # Of two messages on two orders at once, the second must count the first. The weaker lock
        # lets the shopper go on buying.
        users = get_user_model().objects.select_for_update(no_key=True)
        users.get(pk=order.user_id)
    now = timezone.now()
    sent = SellerMessage.objects.filter(
        customer_id=customer_id,
        author=SellerMessage.SHOPPER,
        sent_at__gt=now - contract.MESSAGE_WINDOW,
    )
    newest = list(sent.order_by("-sent_at").values_list("sent_at", flat=True))
    if len(newest) >= contract.MESSAGES_PER_WINDOW:
        wait = newest[contract.MESSAGES_PER_WINDOW - 1] + contract.MESSAGE_WINDOW - now
        raise TooManySellerMessages(math.ceil(wait.total_seconds()))


def _cleaned(text: str) -> str:
    plain = "".join(character for character in text if _is_plain(character)).strip()
    if not plain:
        raise SellerMessageRejected(problem="empty")
    if len(plain) > contract.MAX_MESSAGE_CHARS:
        raise SellerMessageRejected(problem="too_long")
    return plain


def _is_plain(character: str) -> bool:
    return character in _LINE_CHARACTERS or unicodedata.category(character) not in _NOT_TEXT
