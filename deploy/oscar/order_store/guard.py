"""Keeps the rest of the shop from overwriting a cancellation that it did not see.

Oscar's dashboard reads an order, checks the step that was chosen, and saves the whole row. If
the shopper cancels in between, the cancellation is overwritten, and the goods leave. Here, whoever
saves an order or a line of it, or adds a shipping event, first holds the order's row and looks at
it again: a cancelled order stays cancelled, unless the shop's own pipeline leads on from there.

A lock needs a transaction, so the dashboard needs `ATOMIC_REQUESTS` (`checks.py` reminds of it).
What is saved outside of any transaction is checked all the same, but not held.
"""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import pre_save
from oscar.core.loading import get_class, get_model

from . import contract
from .statuses import configured_status


def watch_orders() -> None:
    """Check every order and shipping event that is saved from now on."""
    pre_save.connect(
        _check_order, sender=get_model("order", "Order"), dispatch_uid="order_store.order"
    )
    pre_save.connect(
        _check_shipping_event,
        sender=get_model("order", "ShippingEvent"),
        dispatch_uid="order_store.shipping_event",
    )
    pre_save.connect(
        _hold_order_of_line, sender=get_model("order", "Line"), dispatch_uid="order_store.line"
    )


def _check_order(
    instance: Any,
    using: str,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **_: Any,
) -> None:
    if raw or instance.pk is None or (update_fields is not None and "status" not in update_fields):
        return
    status = _held_status(type(instance), instance.pk, using)
    if status is None or status == instance.status or not _is_cancelled(status):
        return
    if instance.status not in instance.pipeline.get(status, ()):
        _refuse("InvalidOrderStatus", f"{instance} was cancelled", using)


def _check_shipping_event(instance: Any, using: str, raw: bool = False, **_: Any) -> None:
    if raw or instance.pk is not None:
        return
    status = _held_status(get_model("order", "Order"), instance.order_id, using)
    if status is not None and _is_cancelled(status):
        _refuse("InvalidShippingEvent", f"{instance.order} was cancelled", using)


def _hold_order_of_line(instance: Any, using: str, raw: bool = False, **_: Any) -> None:
    """Take the locks in the order of a cancellation. `set_status` may save lines first; without
    this, the two could wait for each other."""
    if not raw and instance.pk is not None:
        _held_status(get_model("order", "Order"), instance.order_id, using)


def _is_cancelled(status: str) -> bool:
    return configured_status(status) == contract.CANCELLED


def _held_status(model: type[Model], pk: Any, using: str) -> str | None:
    orders = model._default_manager.using(using).filter(pk=pk)
    if transaction.get_connection(using).in_atomic_block:
        orders = orders.select_for_update()
    status: str | None = orders.values_list("status", flat=True).first()
    return status


def _refuse(error: str, message: str, using: str) -> None:
    """Raise what the dashboard knows how to show, and keep nothing that was done before: it catches
    the error, and would store lines that Oscar has already moved on."""
    if transaction.get_connection(using).in_atomic_block:
        transaction.set_rollback(True, using=using)
    raise get_class("order.exceptions", error)(message)
