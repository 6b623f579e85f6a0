"""What every store checks before it keeps a message to a seller."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from actions.orders.model import MAX_SELLER_MESSAGE_CHARS, SELLER_MESSAGES_PER_HOUR
from actions.orders.store import MessageProblem, SellerMessageRejected, TooManySellerMessages

LIMIT_WINDOW: Final = timedelta(hours=1)
_LINE_CHARACTERS: Final = "\n\t"
_NOT_TEXT: Final = (
    "Cc",
    "Cs",
)  # control characters and lone surrogates: no database takes them all


def clean_message(text: str) -> str:
    """Give the text as plain text, without control characters and outer spaces.

    Raises:
        SellerMessageRejected: Nothing is left, or more than `MAX_SELLER_MESSAGE_CHARS`.
    """
    plain = "".join(character for character in text if _is_plain(character)).strip()
    if not plain:
        raise SellerMessageRejected(MessageProblem.EMPTY)
    if len(plain) > MAX_SELLER_MESSAGE_CHARS:
        raise SellerMessageRejected(MessageProblem.TOO_LONG)
    return plain


def require_within_limit(sent_at_newest_first: Sequence[datetime], now: datetime) -> None:
    """Raise `TooManySellerMessages` if a customer who sent at these instants must wait."""
    if len(sent_at_newest_first) < SELLER_MESSAGES_PER_HOUR:
        return
    wait = sent_at_newest_first[SELLER_MESSAGES_PER_HOUR - 1] + LIMIT_WINDOW - now
    if wait > timedelta(0):
        raise TooManySellerMessages(retry_after_s=math.ceil(wait.total_seconds()))


def _is_plain(character: str) -> bool:
    return character in _LINE_CHARACTERS or unicodedata.category(character) not in _NOT_TEXT
