"""Every error as an RFC 9457 problem document, from one table."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.db.database import DatabaseAway
from bot.gateway import errors

MEDIA_TYPE = "application/problem+json"
_AWAY_RETRY_S = 2

_log = structlog.get_logger("bot.gateway")


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(description="What kind of problem; `about:blank` says no more than `title`.")
    title: str
    status: int
    detail: str
    errors: list[str] | None = Field(default=None, description="Every fault of the input.")


# Class of refusal → (status, the last part of `type`).
_REFUSALS: Mapping[type[errors.Refusal], tuple[HTTPStatus, str]] = {
    errors.NotSignedIn: (HTTPStatus.UNAUTHORIZED, "not-signed-in"),
    errors.IdentityRejected: (HTTPStatus.UNAUTHORIZED, "identity-rejected"),
    errors.MessageUnknown: (HTTPStatus.NOT_FOUND, "message-unknown"),
    errors.ChoiceUnknown: (HTTPStatus.NOT_FOUND, "choice-unknown"),
    errors.ChoiceUsed: (HTTPStatus.CONFLICT, "choice-used"),
    errors.ConversationClosed: (HTTPStatus.CONFLICT, "conversation-closed"),
    errors.NothingToRate: (HTTPStatus.CONFLICT, "nothing-to-rate"),
    errors.RatingOver: (HTTPStatus.CONFLICT, "rating-over"),
    errors.TooManyRequests: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests"),
    errors.TooManyStreams: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-streams"),
    errors.WrongContentType: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-content-type"),
}

_DETAILS: Mapping[int, str] = {
    400: "The request cannot be read: its body must be one JSON object in UTF-8.",
    404: "There is nothing at this address.",
    405: "This address does not answer to this method; `Allow` lists those it does.",
}


def problem_response(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    faults: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the document; `kind` is a stable word that programs can compare."""
    content: dict[str, Any] = {
        "type": f"urn:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    if faults:
        content["errors"] = list(faults)
    return JSONResponse(content, int(status), headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make `app` answer every error with a problem document."""
    app.add_exception_handler(errors.Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DatabaseAway, _away)
    app.add_exception_handler(errors.IdentityKeysAway, _away)
    app.add_exception_handler(errors.HelpAway, _away)
    app.add_exception_handler(Exception, _unexpected)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problem documents of an endpoint for its OpenAPI entry."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def describe(app: FastAPI) -> None:
    """Put the problem document into the OpenAPI description, and its own 422 out of it."""
    make = app.openapi

    def make_with_problems() -> dict[str, Any]:
        schema = make()
        parts = schema["components"]["schemas"]
        parts["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            parts.pop(unused, None)
        return schema

    app.openapi = make_with_problems  # type: ignore[method-assign] # FastAPI's documented way


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.Refusal)  # noqa: S101 - registered for this class only
    status, kind = _REFUSALS[type(error)]
    headers = {}
    if isinstance(error, errors.TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_s)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(status, error.detail, kind=kind, headers=headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_response(400, _DETAILS[400], kind="broken-json")
    # What was sent is not repeated: it may be personal, long, or both.
    described = [f"{_place(fault['loc'])}: {_reason(fault)}" for fault in faults]
    return problem_response(422, "; ".join(described), kind="invalid-input", faults=described)


def _place(location: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _reason(fault: Mapping[str, Any]) -> str:
    return str(fault["msg"]).removeprefix("Value error, ")


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    detail = _DETAILS.get(error.status_code, str(error.detail))
    return problem_response(error.status_code, detail, headers=error.headers)


async def _away(_request: Request, error: Exception) -> Response:
    _log.warning("away", reason=str(error), error=type(error).__name__)
    return problem_response(
        503,
        # A commit whose answer was lost may have happened, so nothing is said of that.
        "Something that this call needs does not answer. Send it again in a moment: a message with "
        "the same `client_id` counts once.",
        kind="away",
        headers={"Retry-After": str(_AWAY_RETRY_S)},
    )


async def _unexpected(_request: Request, _error: Exception) -> Response:
    # Starlette raises the error on after this answer, and the server logs its traceback.
    return problem_response(500, "The server made a mistake; it has been logged.")
