"""The problems of the order store's HTTP contract as the errors of the order store."""

import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from actions.orders.http_reading import read_order
from actions.orders.http_transport import ORDER_UNREADABLE, Answer
from actions.orders.model import CancelRule
from actions.orders.store import (
    MessageProblem,
    OrderNotCancellable,
    OrderNotCancelled,
    OrderNotFound,
    OrderStoreError,
    OrderStoreUnavailable,
    OrderUnreadable,
    SellerMessageRejected,
    TooManySellerMessages,
)

logger = logging.getLogger(__name__)

ORDER_NOT_FOUND: Final = "urn:problem:order-not-found"
ORDER_NOT_CANCELLABLE: Final = "urn:problem:order-not-cancellable"
ORDER_NOT_CANCELLED: Final = "urn:problem:order-not-cancelled"
SELLER_MESSAGE_REJECTED: Final = "urn:problem:seller-message-rejected"
TOO_MANY_SELLER_MESSAGES: Final = "urn:problem:too-many-seller-messages"


def not_found(number: str) -> OrderNotFound:
    return OrderNotFound(f"order {number!r} is not known here")


def problem_of(answer: Answer, number: str) -> OrderStoreError:
    """Give what a problem about this order means: `OrderStoreUnavailable` for one that is unknown.

    Raises:
        OrderStoreUnavailable: The problem holds an order that cannot be read.
    """
    kind = answer.document.get("type")
    make = PROBLEMS.get(kind) if isinstance(kind, str) else None
    if make is not None:
        return make(answer, number)
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        logger.error("The shop's system does not accept ORDER_STORE_TOKEN")
    # A 404 of any other kind may come from a wrong address: it says nothing about the order.
    return OrderStoreUnavailable(f"the shop's system: status {answer.status} of an unknown kind")


def _not_found(_: Answer, number: str) -> OrderStoreError:
    return not_found(number)


def _not_cancellable(answer: Answer, number: str) -> OrderStoreError:
    rule = answer.document.get("rule")
    if not isinstance(rule, str) or rule not in set(CancelRule) - {CancelRule.ALLOWED}:
        return OrderStoreUnavailable("the shop's system: not cancellable for an unknown reason")
    # Whose it is, is looked at by who asked.
    order = read_order(answer.document.get("order"), number, lambda _: True)
    return OrderNotCancellable(order, CancelRule(rule))


def _not_cancelled(_: Answer, number: str) -> OrderStoreError:
    return OrderNotCancelled(f"order {number} is not cancelled")


def _rejected(answer: Answer, _: str) -> OrderStoreError:
    problem = answer.document.get("problem")
    if not isinstance(problem, str) or problem not in set(MessageProblem):
        return OrderStoreUnavailable("the shop's system: message rejected for an unknown reason")
    return SellerMessageRejected(MessageProblem(problem))


def _too_many(answer: Answer, _: str) -> OrderStoreError:
    wait = answer.retry_after or ""
    if not re.fullmatch("[1-9][0-9]{0,4}", wait):
        return OrderStoreUnavailable("the shop's system: too many messages without a wait")
    return TooManySellerMessages(int(wait))


def _unreadable(_: Answer, number: str) -> OrderStoreError:
    logger.error("The shop's system cannot read order %s itself", number)
    reason = f"the shop's system cannot read order {number} itself"
    return OrderUnreadable(reason, order_number=number or None)


PROBLEMS: Final[Mapping[str, Callable[[Answer, str], OrderStoreError]]] = MappingProxyType(
    {
        ORDER_NOT_FOUND: _not_found,
        ORDER_NOT_CANCELLABLE: _not_cancellable,
        ORDER_NOT_CANCELLED: _not_cancelled,
        SELLER_MESSAGE_REJECTED: _rejected,
        TOO_MANY_SELLER_MESSAGES: _too_many,
        ORDER_UNREADABLE: _unreadable,
    }
)
