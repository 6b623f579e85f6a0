"""Count and log requests: method, route, status and time; no texts, tokens, ids or addresses."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.metrics import Metrics

_NO_ROUTE = "(none)"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/healthz", "/readyz", "/metrics")

_log = structlog.get_logger("bot.gateway")


class AccessLogMiddleware:
    """Measures until the answer begins: event streams go on for hours."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.perf_counter()

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], time.perf_counter() - started_s)
            await send(message)

        await self._app(scope, receive, send_and_count)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # The template of the route, so that a made-up address never becomes a label.
        route = getattr(scope.get("route"), "path", None) or _NO_ROUTE
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if route not in _QUIET:
            _log.info(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )
