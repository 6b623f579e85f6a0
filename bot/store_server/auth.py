"""Only who knows the token is answered."""

import hmac
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.store_server.problems import problem_response

_SCHEME = "bearer"


class TokenMiddleware:
    """Refuses every request without the token, whatever it asks for."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        if not token:
            raise ValueError("an empty token would let everybody in")
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_known(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        response = problem_response(
            HTTPStatus.UNAUTHORIZED,
            "The bearer token is missing or wrong.",
            kind="unauthorized",
            headers={"WWW-Authenticate": "Bearer"},
        )
        await response(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token)
        return scheme.lower() == _SCHEME and same
