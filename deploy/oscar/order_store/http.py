"""What every request has in common: its token, its parameters, and errors as problem documents."""

import hmac
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .configuration import configuration
from .problems import (
    BrokenJson,
    InvalidInput,
    MethodNotAllowed,
    Problem,
    Unauthorized,
    Unavailable,
)

Handler = Callable[..., HttpResponse]
_SCHEME: Final = "Bearer "
_log = logging.getLogger(__name__)


def endpoint(**handlers: Handler) -> Handler:
    """Make one view from the handlers of its methods.

    It asks for the bot's token and for nothing of a browser, no cookie and no CSRF token. Each
    handler opens its own transaction, so that what it answers is known to be stored.
    """

    @csrf_exempt
    @never_cache
    @transaction.non_atomic_requests
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            _require_token(request)
            handler = handlers.get(request.method or "")
            if handler is None:
                raise MethodNotAllowed(", ".join(sorted(handlers)))
            return handler(request, **path)
        except Problem as problem:
            return problem.response()
        except (OperationalError, InterfaceError):
            # Also a lock that was waited for too long, and a deadlock that this request lost.
            _log.warning("the database did not answer", exc_info=True)
            return Unavailable().response()
        except Exception:  # noqa: BLE001 - the edge: the bot gets a problem and not a page
            _log.exception("a request of the bot failed")
            return Problem().response()

    return view


def json_answer(document: Mapping[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(document, status=status)


def json_body(request: HttpRequest) -> Mapping[str, Any]:
    """Give the body, which must be one JSON object.

    Raises:
        BrokenJson: It is something else.
    """
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, SuspiciousOperation) as error:  # the last: far too long
        raise BrokenJson from error
    if not isinstance(body, dict):
        raise BrokenJson
    return body


def text(values: Mapping[str, Any], name: str, *, longest: int) -> str:
    """Give the text of this name, at least one character long.

    Raises:
        InvalidInput: It is missing, no text, empty, or longer than `longest` characters.
    """
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise InvalidInput(f"{name} must be a text of 1 to {longest} characters")
    return value


def optional_text(values: Mapping[str, Any], name: str, *, longest: int) -> str | None:
    return text(values, name, longest=longest) if name in values else None


def one_of(values: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = values.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise InvalidInput(f"{name} must be one of {', '.join(allowed)}")
    return value


def count(values: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    """Give the number of 1 to `most` of this name, or `default` where there is none.

    Raises:
        InvalidInput: It is something else.
    """
    raw = values.get(name, str(default))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and 1 <= int(raw) <= most):
        raise InvalidInput(f"{name} must be a number of 1 to {most}")
    return int(raw)


def is_storable(value: str) -> bool:
    """Tell whether a database can hold this text, and so whether anything there can equal it."""
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _require_token(request: HttpRequest) -> None:
    given = request.headers.get("Authorization", "")
    scheme, token = given[: len(_SCHEME)], given[len(_SCHEME) :]
    expected = configuration().token
    is_right = hmac.compare_digest(token.encode(errors="replace"), expected.encode())
    if scheme.lower() != _SCHEME.lower() or not is_right:
        raise Unauthorized
