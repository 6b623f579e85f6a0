"""Which of the contract's five statuses an order of Oscar is in."""

from datetime import datetime
from typing import Any

from . import contract
from .configuration import configuration
from .problems import OrderUnreadable


def status_of(order: Any) -> str:
    """Give the order's status, which its parcels may be ahead of.

    Oscar's dashboard adds a shipping event without touching the order's status. What has left the
    shop cannot be cancelled, whatever the status says.

    Raises:
        OrderUnreadable: The shop's `STATUSES` do not have it.
    """
    status = configured_status(order.status)
    if status is None:
        raise OrderUnreadable(f"order {order.number}: STATUSES has no {order.status!r}")
    if status in contract.CANCELLABLE and last_shipped(order) is not None:
        return contract.AWAITING_DELIVERY
    return status


def configured_status(status: str) -> str | None:
    return configuration().statuses.get(status)


def last_shipped(order: Any) -> Any | None:
    """Give the newest shipping event by which something left the shop."""
    return _last_event(order, configuration().shipped_events)


def last_delivered(order: Any) -> Any | None:
    return _last_event(order, configuration().delivered_events)


def cancelled_at(order: Any) -> datetime | None:
    """Tell when the order was cancelled; None where Oscar was not the one to note it."""
    moments = [
        change.date_created
        for change in order.status_changes.all()
        if configured_status(change.new_status) == contract.CANCELLED
    ]
    return max(moments, default=None)


def _last_event(order: Any, codes: tuple[str, ...]) -> Any | None:
    events = [one for one in order.shipping_events.all() if one.event_type.code in codes]
    return max(events, key=lambda event: (event.date_created, event.pk), default=None)
