"""What `docs/order-store.openapi.yaml` lays down, whatever system the shop runs on."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

AWAITING_PAYMENT: Final = "awaiting_payment"
AWAITING_SHIPPING: Final = "awaiting_shipping"
AWAITING_DELIVERY: Final = "awaiting_delivery"
COMPLETED: Final = "completed"
CANCELLED: Final = "cancelled"
STATUSES: Final = (AWAITING_PAYMENT, AWAITING_SHIPPING, AWAITING_DELIVERY, COMPLETED, CANCELLED)
CANCELLABLE: Final = (AWAITING_PAYMENT, AWAITING_SHIPPING)

# Why an order in any other status cannot be cancelled.
RULES: Final = {
    AWAITING_DELIVERY: "shipped",
    COMPLETED: "delivered",
    CANCELLED: "already_cancelled",
}

CANCEL_REASONS: Final = ("changed_mind", "wrong_item", "found_cheaper", "too_slow", "other")

NUMBER: Final = re.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")
MAX_NUMBER_CHARS: Final = 64
MAX_CUSTOMER_ID_CHARS: Final = 128
MAX_EMAIL_CHARS: Final = 320
MAX_TITLE_CHARS: Final = 300
MAX_CURSOR_CHARS: Final = 512
MAX_MESSAGE_CHARS: Final = 2000

MESSAGES_PER_WINDOW: Final = 5
MESSAGE_WINDOW: Final = timedelta(hours=1)
PURCHASE_WINDOW: Final = timedelta(hours=24)


def instant(moment: datetime | None) -> str | None:
    """Give the moment as RFC 3339 in UTC; a shop without time zones counts in its own."""
    if moment is None:
        return None
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
