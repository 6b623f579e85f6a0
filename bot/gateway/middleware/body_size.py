"""Refuse bodies that are too large, before anything reads them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.problems import problem_response

# A sender that is cut off in the middle sees a broken connection and not our answer, so a body
# that is moderately too large is read to its end and thrown away.
_POLITENESS = 64


class BodySizeMiddleware:
    """Reads the body up to the limit and hands it on in one piece."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        body = await self._read(receive)
        if body is None:
            response = problem_response(
                413,
                f"The body is larger than {self._max_bytes} bytes.",
                headers={"Connection": "close"},
            )
            await response(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        more = True
        while more and size <= self._max_bytes * _POLITENESS:
            message = await receive()
            part = message.get("body", b"")
            size += len(part)
            if size <= self._max_bytes:
                parts.append(part)
            more = message["type"] == "http.request" and message.get("more_body", False)
        return b"".join(parts) if size <= self._max_bytes else None


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
