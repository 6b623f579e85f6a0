"""Finding an order, for whom it belongs to."""

import hmac
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, QuerySet
from oscar.core.loading import get_model

from .configuration import configuration
from .http import is_storable
from .problems import OrderNotFound

# A guest of Oscar has no id. The contract wants one, and no name that Django lets people choose for
# themselves has a colon.
GUEST: Final = "guest:"

_TOGETHER: Final = ("user", "shipping_address", "bot_cancel_reason")
_ALSO: Final = (
    "lines__product__parent",
    "lines__product__attribute_values__attribute",
    "lines__product__attribute_values__value_option",
    "lines__attributes__option",
    "lines__partner__addresses",
    "lines__partner__bot_profile",
    "shipping_events__event_type",
    "status_changes",
    "sources__source_type",
)


def find_order(number: str, customer_id: str) -> Model:
    """Find an order of this customer.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
    """
    return _complete(_owned(_orders(), number, customer_id))


def find_guest_order(number: str, email: str) -> Model:
    """Find an order by its e-mail: of a guest the one it was placed with, else the account's.

    Raises:
        OrderNotFound: The number is unknown or the e-mail is wrong, after the same work.
    """
    order = _numbered(_orders(), number)
    known = _normalised(order.email) if order is not None else ""
    is_right = hmac.compare_digest(_bytes(known), _bytes(_normalised(email)))
    # An order whose account was deleted has no e-mail, and spaces must not open it.
    if order is None or not known or not is_right:
        raise OrderNotFound
    return _complete(order)


def list_orders(customer_id: str, limit: int) -> list[Model]:
    """List the customer's orders, newest first; none for an unknown customer."""
    user = find_user(customer_id)
    if user is None:
        return []
    newest_first = _complete_orders().filter(user=user).order_by("-date_placed", "-pk")
    return list(newest_first[:limit])


def lock_order(number: str, customer_id: str) -> Model:
    """Find an order of this customer and hold it until the transaction ends.

    The lock is the strong one, `FOR UPDATE`: it also holds up whoever adds a shipping event, whose
    reference to the order takes a share of it.

    Raises:
        OrderNotFound: There is none, or it is somebody else's.
    """
    limit_waiting()
    # What belongs to it is read once nobody else can change it.
    return _complete(_owned(_orders().select_for_update(of=("self",)), number, customer_id))


def limit_waiting() -> None:
    """Let this transaction wait for no lock longer than the bot waits for its answer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            timeout_ms = round(configuration().lock_timeout_s * 1000)
            cursor.execute(f"SET LOCAL lock_timeout = {timeout_ms}")


def customer_of(order: Any) -> str:
    """Give the id of the customer whose order this is."""
    if order.user is None:
        return f"{GUEST}{order.number}"
    return user_id(order.user)


def user_id(user: Any) -> str:
    return str(getattr(user, configuration().customer_id))


def find_user(customer_id: str) -> Any | None:
    """Find the account of this customer, compared exactly whatever the database thinks equal."""
    if not is_storable(customer_id):
        return None
    users = get_user_model().objects
    try:
        user = users.filter(**{configuration().customer_id: customer_id}).first()
    except (ValueError, ValidationError):  # no number, no UUID
        return None
    return user if user is not None and user_id(user) == customer_id else None


def _orders() -> QuerySet[Any]:
    return get_model("order", "Order").objects.select_related("user")


def _complete_orders() -> QuerySet[Any]:
    """All orders, with what their documents are made of."""
    return _orders().select_related(*_TOGETHER).prefetch_related(*_ALSO)


def _complete(order: Model) -> Model:
    # Only once it is known whose it is: an order that is not shown takes as long as none at all.
    return _complete_orders().get(pk=order.pk)


def _numbered(orders: QuerySet[Any], number: str) -> Any | None:
    if not is_storable(number):
        return None
    order = orders.filter(number=number).first()
    return order if order is not None and order.number == number else None


def _owned(orders: QuerySet[Any], number: str, customer_id: str) -> Model:
    order = _numbered(orders, number)
    if order is None or customer_of(order) != customer_id:
        raise OrderNotFound
    return order


def _normalised(email: str) -> str:
    return email.strip().lower()


def _bytes(value: str) -> bytes:
    return value.encode(errors="surrogatepass")
