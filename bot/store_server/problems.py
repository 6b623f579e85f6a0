"""Every error of the order store as a problem document, one `type` for each."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from actions.orders.http_wire import OrderDocument
from actions.orders.store import (
    OrderNotCancellable,
    OrderNotCancelled,
    OrderNotFound,
    OrderStoreError,
    OrderStoreUnavailable,
    OrderUnreadable,
    SellerMessageRejected,
    TooManySellerMessages,
)

MEDIA_TYPE = "application/problem+json"

# Error of the store → (status, the last part of `type`, what it means).
_REFUSALS: Mapping[type[OrderStoreError], tuple[HTTPStatus, str, str]] = {
    OrderNotFound: (
        HTTPStatus.NOT_FOUND,
        "order-not-found",
        "There is no such order, or it is somebody else's.",
    ),
    OrderNotCancellable: (
        HTTPStatus.CONFLICT,
        "order-not-cancellable",
        "The order's status forbids it by now.",
    ),
    OrderNotCancelled: (
        HTTPStatus.CONFLICT,
        "order-not-cancelled",
        "The order is not cancelled.",
    ),
    SellerMessageRejected: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "seller-message-rejected",
        "The text is empty or too long.",
    ),
    TooManySellerMessages: (
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-seller-messages",
        "The customer sent too many messages within the hour.",
    ),
    OrderUnreadable: (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "order-unreadable",
        "The order holds something that cannot be read.",
    ),
    OrderStoreUnavailable: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "order-store-unavailable",
        "Out of order for the moment; whether a change was made is not known.",
    ),
}

_log = structlog.get_logger("bot.store_server")


def problem_response(
    status: HTTPStatus,
    detail: str,
    *,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """Return the document; `kind` is the last part of its `type`, `members` are its own fields."""
    content = {
        "type": f"urn:problem:{kind}" if kind else "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        **members,
    }
    return JSONResponse(content, int(status), headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.add_exception_handler(OrderStoreError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, OrderStoreError)  # noqa: S101 - registered for this class only
    status, kind, detail = _REFUSALS[type(error)]
    if isinstance(error, OrderStoreUnavailable):
        _log.warning("order_store_unavailable", reason=str(error))
    headers = {}
    if isinstance(error, TooManySellerMessages):
        headers["Retry-After"] = str(error.retry_after_s)
    return problem_response(status, detail, kind=kind, headers=headers, **_members(error))


def _members(error: OrderStoreError) -> dict[str, Any]:
    if isinstance(error, OrderNotCancellable):
        order = OrderDocument.model_validate(error.order)
        return {"rule": error.rule.value, "order": order.model_dump(mode="json")}
    if isinstance(error, SellerMessageRejected):
        return {"problem": error.problem.value}
    return {}


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return _broken_json()
    # What was sent is not repeated: it may be personal.
    places = {".".join(map(str, fault["loc"])) for fault in error.errors()}
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"Missing or of the wrong kind: {', '.join(sorted(places))}.",
        kind="invalid-input",
    )


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return _broken_json()
    status = HTTPStatus(error.status_code)
    return problem_response(status, f"{status.phrase}.", headers=error.headers)


async def _unexpected(_request: Request, _error: Exception) -> Response:
    # Starlette raises the error on after this answer, and the server logs its traceback.
    return problem_response(
        HTTPStatus.INTERNAL_SERVER_ERROR, "The server made a mistake; it has been logged."
    )


def _broken_json() -> Response:
    return problem_response(
        HTTPStatus.BAD_REQUEST,
        "The body must be one JSON object in UTF-8.",
        kind="broken-json",
    )
