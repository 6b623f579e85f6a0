"""What `manage.py check` and every start of the shop say about its configuration."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import WARNING, CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import connection
from oscar.core.loading import get_model

from . import contract
from .configuration import Configuration, configuration


@register
def check_configuration(**_: Any) -> list[CheckMessage]:
    try:
        found = configuration()
    except (ImproperlyConfigured, ImportError) as error:
        return [Error(str(error), id="order_store.E001")]
    return [*_pipeline_problems(found), *_field_problems(found), *_transaction_problems()]


def _pipeline_problems(found: Configuration) -> list[CheckMessage]:
    pipeline = get_model("order", "Order").pipeline
    missing = sorted(set(pipeline) - set(found.statuses))
    stuck = sorted(
        status
        for status, meaning in found.statuses.items()
        if meaning in contract.CANCELLABLE
        and found.cancelled_status not in pipeline.get(status, ())
    )
    problems: list[CheckMessage] = [
        Error(
            f"ORDER_STORE: STATUSES does not say what {status} means",
            hint="The bot could not show an order in this status.",
            id="order_store.E002",
        )
        for status in missing
    ]
    return problems + [
        Error(
            f"ORDER_STORE: an order that is {status} could be cancelled, but "
            f"OSCAR_ORDER_STATUS_PIPELINE does not let it become {found.cancelled_status}",
            hint=f"Allow that step, or let STATUSES make it {contract.AWAITING_DELIVERY}.",
            id="order_store.E003",
        )
        for status in stuck
    ]


def _field_problems(found: Configuration) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    fields = (
        ("PRODUCT_ID", get_model("catalogue", "Product"), found.product_id),
        ("CUSTOMER_ID", get_user_model(), found.customer_id),
    )
    for setting, model, name in fields:
        try:
            if name != "pk":
                model._meta.get_field(name)
        except FieldDoesNotExist as error:
            problems.append(Error(f"ORDER_STORE: {setting}: {error}", id="order_store.E004"))
    return problems


def _transaction_problems() -> list[CheckMessage]:
    if connection.settings_dict.get("ATOMIC_REQUESTS"):
        return []
    return [
        CheckMessage(
            WARNING,
            "ATOMIC_REQUESTS is off: the dashboard may ship an order in the very moment in which "
            "its shopper cancels it",
            hint="Set it in DATABASES.",
            id="order_store.W001",
        )
    ]
