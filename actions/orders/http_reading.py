"""From the documents of a shop's system to the model, with nothing taken on trust."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import JsonValue, ValidationError
from pydantic_core import to_json

from actions.orders.http_wire import NUMBER_PATTERN, Document, OrderDocument
from actions.orders.model import Order, normalise_email
from actions.orders.store import OrderStoreUnavailable, OrderUnreadable

logger = logging.getLogger(__name__)

Kind = TypeVar("Kind", bound=Document)

# Tells by what stands in an order's document whether it may be shown to who asks.
IsTheirs = Callable[[Mapping[str, JsonValue]], bool]


class SomebodyElses(OrderStoreUnavailable):
    """The shop's system gave away an order of somebody else."""


def of_customer(customer_id: str) -> IsTheirs:
    return lambda document: document.get("customer_id") == customer_id


def of_guest(email_key: str) -> IsTheirs:
    """Compare with an e-mail in the form that `normalise_email` gives."""

    def is_theirs(document: Mapping[str, JsonValue]) -> bool:
        email = document.get("customer_email")
        return isinstance(email, str) and normalise_email(email) == email_key

    return is_theirs


def read_document(kind: type[Kind], document: JsonValue, *, about: str) -> Kind:
    """Read a document; `about` says in errors what it belongs to, and holds nothing personal.

    Raises:
        OrderStoreUnavailable: It does not keep to the contract.
    """
    try:
        return kind.model_validate_json(to_json(document))
    except ValidationError as error:
        logger.error("The shop's system sent %s, wrong in: %s", about, _wrong_fields(error))
        raise OrderStoreUnavailable(f"the shop's system: {about} cannot be read") from None


def read_order(document: JsonValue, number: str, is_theirs: IsTheirs) -> Order:
    """Read the order that has this number.

    Raises:
        OrderUnreadable: It holds something this version does not know, which is logged.
        OrderStoreUnavailable: It is no order, or one that must not be shown.
    """
    known = _known(document, is_theirs)
    if known["number"] != number:
        logger.error("The shop's system answered with another order than %s", number)
        raise OrderStoreUnavailable("the shop's system: an order that was not asked for")
    return _read_order(known)


def read_orders(documents: Iterable[JsonValue], is_theirs: IsTheirs) -> list[Order]:
    """Read orders, leaving out (and logging) what is unreadable.

    Raises:
        OrderUnreadable: None of them can be read; an empty list would say that there are none.
        OrderStoreUnavailable: There is something else among them, or somebody else's order.
    """
    found: list[Order] = []
    unreadable: list[OrderUnreadable] = []
    for document in documents:
        try:
            found.append(_read_order(_known(document, is_theirs)))
        except OrderUnreadable as error:
            unreadable.append(error)  # one bad order must not hide the others
    if unreadable and not found:
        only_one = unreadable[0].order_number if len(unreadable) == 1 else None
        raise OrderUnreadable(str(unreadable[0]), order_number=only_one)
    return found


def _known(document: JsonValue, is_theirs: IsTheirs) -> Mapping[str, JsonValue]:
    """Give the document of an order with a number that may be shown to who asks."""
    number = document.get("number") if isinstance(document, dict) else None
    if not (isinstance(number, str) and re.fullmatch(NUMBER_PATTERN, number)):
        raise OrderStoreUnavailable("the shop's system: an order without a number")
    assert isinstance(document, dict)  # noqa: S101 - it has a number
    if not is_theirs(document):
        logger.error("The shop's system gave away order %s to somebody else", number)
        raise SomebodyElses("the shop's system: an order of somebody else")
    return document


def _read_order(document: Mapping[str, JsonValue]) -> Order:
    number = str(document["number"])
    try:
        return OrderDocument.model_validate_json(to_json(document)).to_model()
    except ValidationError as error:
        reason = f"order {number}, wrong in: {_wrong_fields(error)}"
        logger.error("The shop's system sent an order that cannot be read: %s", reason)
        raise OrderUnreadable(reason, order_number=number) from None


def _wrong_fields(error: ValidationError) -> str:
    """Name the fields that are wrong, without what stands in them."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    fields = {str(detail["loc"][0]) if detail["loc"] else "all of it" for detail in details}
    return ", ".join(sorted(fields))
