"""Cancelling an order the way the shop itself does, once or not at all."""

from typing import Any, Final

from django.db import transaction
from oscar.core.loading import get_class

from . import contract
from .configuration import configuration
from .documents import order_document
from .models import AuditEntry, CancelReason
from .orders import find_order, lock_order
from .problems import OrderNotCancellable, OrderNotCancelled
from .statuses import status_of

NOTE: Final = "Cancelled by the shopper through the help-center bot"


def cancel_order(number: str, customer_id: str, expected_status: str, key: str) -> dict[str, Any]:
    """Cancel the order, put its stock back and write the audit entry, all or nothing.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
        OrderNotCancellable: Its status forbids it by now.
    """
    with transaction.atomic(durable=True):
        order = lock_order(number, customer_id)
        if not _is_done(order, key):
            status = _require_cancellable(order)
            _cancel(order)
            _note(
                order,
                actor=customer_id,
                action=AuditEntry.CANCEL,
                from_status=status,
                detail=None if status == expected_status else f"shown as {expected_status}",
                idempotency_key=key,
            )
        document = order_document(find_order(number, customer_id))
    return {"order": document, "happened_now": True}


def record_cancel_reason(number: str, customer_id: str, reason: str) -> None:
    """Keep why a cancelled order was cancelled.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
        OrderNotCancelled: The order is not cancelled.
    """
    with transaction.atomic(durable=True):
        order: Any = lock_order(number, customer_id)
        if status_of(order) != contract.CANCELLED:
            raise OrderNotCancelled
        kept, is_new = CancelReason.objects.get_or_create(order=order, defaults={"reason": reason})
        if not is_new and kept.reason == reason:
            return
        CancelReason.objects.filter(pk=kept.pk).update(reason=reason)
        _note(
            order,
            actor=customer_id,
            action=AuditEntry.REASON,
            from_status=contract.CANCELLED,
            detail=reason,
        )


def _is_done(order: Any, key: str) -> bool:
    done = order.bot_audit.filter(action=AuditEntry.CANCEL, idempotency_key=key)
    return bool(done.exists())


def _require_cancellable(order: Any) -> str:
    status = status_of(order)
    if status not in contract.CANCELLABLE:
        raise OrderNotCancellable(rule=contract.RULES[status], order=order_document(order))
    return status


def _cancel(order: Any) -> None:
    """Change the order as the dashboard does, so that whatever the shop hangs on it happens too.

    Then put back what the lines still hold, which is not always their quantity: the shop's own
    handler may have done it already, and Oscar silently passes over a line that is asked for more
    than it holds. Lines go by stock record, so that two cancellations never block each other.
    """
    handler = get_class("order.processing", "EventHandler")()
    handler.handle_order_status_change(order, configuration().cancelled_status, note_msg=NOTE)
    lines = order.lines.filter(stockrecord__isnull=False, num_allocated__gt=0)
    for line in lines.select_related("stockrecord__product").order_by("stockrecord_id", "pk"):
        handler.cancel_stock_allocations(order, [line], [line.num_allocated])


def _note(order: Any, **entry: Any) -> None:
    AuditEntry.objects.create(order=order, to_status=contract.CANCELLED, **entry)
