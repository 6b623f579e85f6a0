"""From the documents of a shop's system to the model, with nothing taken on trust."""

import logging
import re
from collections.abc import Iterable
from typing import Final, TypeVar

from pydantic import JsonValue, ValidationError
from pydantic_core import to_json

from actions.orders.http_wire import NUMBER_PATTERN, Document, OrderDocument
from actions.orders.model import Order
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable

logger = logging.getLogger(__name__)

_NO_NUMBER: Final = "without a number"

Kind = TypeVar("Kind", bound=Document)


def read_document(kind: type[Kind], document: JsonValue, *, about: str) -> Kind:
    """Read a document; `about` says in errors what it belongs to, and holds nothing personal.

    Raises:
        OrderUnreadable: It does not keep to the contract.
    """
    try:
        return kind.model_validate_json(to_json(document))
    except ValidationError as error:
        raise OrderUnreadable(f"{about}: {_wrong_fields(error)}") from None


def read_order(document: JsonValue, number: str) -> Order:
    """Read the order that has this number.

    Raises:
        OrderUnreadable: It holds something this version does not know, which is logged.
        OrderStoreUnavailable: It is another order.
    """
    order = _read_order(document)
    if order.number != number:
        logger.error("The shop's system answered with another order than %s", number)
        raise OrderStoreUnavailable("the shop's system: an order that was not asked for")
    return order


def read_orders(documents: Iterable[JsonValue]) -> list[Order]:
    """Read orders, leaving out (and logging) what is unreadable."""
    found = []
    for document in documents:
        try:
            found.append(_read_order(document))
        except OrderUnreadable:
            continue  # logged where it was found; one bad order must not hide the others
    return found


def require_owner(order: Order, customer_id: str) -> Order:
    """Give the order if it is this customer's.

    Raises:
        OrderStoreUnavailable: The shop's system gave away somebody else's.
    """
    if order.customer_id != customer_id:
        logger.error("The shop's system answered with another customer's order %s", order.number)
        raise OrderStoreUnavailable("the shop's system: an order of another customer")
    return order


def _read_order(document: JsonValue) -> Order:
    about = f"order {_number_of(document)}"
    try:
        return read_document(OrderDocument, document, about=about).to_model()
    except OrderUnreadable as error:
        logger.error("The shop's system answered with an order that cannot be read: %s", error)
        raise


def _number_of(document: JsonValue) -> str:
    number = document.get("number") if isinstance(document, dict) else None
    if isinstance(number, str) and re.fullmatch(NUMBER_PATTERN, number):
        return number
    return _NO_NUMBER


def _wrong_fields(error: ValidationError) -> str:
    """Name the fields that are wrong, without what stands in them."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    fields = {str(detail["loc"][0]) if detail["loc"] else "all of it" for detail in details}
    return ", ".join(sorted(fields))
