"""What the demo shop can refuse, as problem documents like those of the gateway."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from starlette.responses import Response

from actions.orders.store import OrderNotFound, OrderStoreUnavailable
from bot.gateway.problems import problem_response

RETRY_AFTER_S = 2

_log = structlog.get_logger("bot.demo_shop")


class UnknownCustomer(Exception):
    """The demo shop has no such customer."""


class UnknownProduct(Exception):
    """The demo shop has never sold such a product."""


def install(app: FastAPI) -> None:
    """Make `app` answer the demo shop's errors with problem documents."""
    app.add_exception_handler(UnknownCustomer, _unknown_customer)
    app.add_exception_handler(UnknownProduct, _unknown_product)
    app.add_exception_handler(OrderNotFound, _unknown_order)
    app.add_exception_handler(OrderStoreUnavailable, _away)


async def _unknown_customer(_request: Request, _error: Exception) -> Response:
    detail = "The demo shop has no such customer."
    return problem_response(HTTPStatus.NOT_FOUND, detail, kind="unknown-customer")


async def _unknown_product(_request: Request, _error: Exception) -> Response:
    detail = "The demo shop has no such product."
    return problem_response(HTTPStatus.NOT_FOUND, detail, kind="unknown-product")


async def _unknown_order(_request: Request, _error: Exception) -> Response:
    # Said of another customer's order as well: that it exists is nobody else's business.
    detail = "This customer has no such order."
    return problem_response(HTTPStatus.NOT_FOUND, detail, kind="unknown-order")


async def _away(_request: Request, error: Exception) -> Response:
    _log.warning("order_store_unavailable", reason=str(error), error=type(error).__name__)
    return problem_response(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The order store does not answer. Ask again in a moment.",
        kind="away",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
