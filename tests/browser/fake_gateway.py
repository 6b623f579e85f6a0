"""A gateway for browser tests: it speaks the HTTP of the real one and makes faults on demand.

test_gateway_contract.py holds both against the same tests and the same description.
"""

import asyncio
import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.browser.demo_shop import DemoShop
from tests.browser.fake_calls import CALLS, Handler, refuse
from tests.browser.fake_conversation import POLL_S, Conversation, Position, stream
from tests.browser.fake_help import HELP
from tests.browser.host_pages import CspMiddleware, page_routes
from tests.browser.scripted_replies import Reply, reply_to

# Of C100, and too old.
EXPIRED_IDENTITY = "e30.eyJzdWIiOiJDMTAwIn0.expired"


class AnswerLost(Exception):
    """Ends a response in the middle, so that the browser sees a broken connection."""


@dataclass(frozen=True)
class Fault:
    """What happens to the next request whose path ends in `path`."""

    path: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    lose_answer: bool = False


@dataclass(frozen=True)
class Received:
    """A request of the widget, as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


# The origins of pages that may use the gateway beside its own, as `BOT_ALLOWED_ORIGINS` lists them.
OTHER_ORIGIN = r"http://localhost:\d+"

Endpoint = Callable[[Request], Awaitable[Response]]


class FakeGateway:
    """Its state is plain data that a test reads and changes while the server thread serves."""

    def __init__(self) -> None:
        self.port = 0
        self.open_streams = 0
        self.shop = DemoShop()
        self.reset()
        self.app = Starlette(
            routes=[
                Route("/api/v1/sessions", self._post_session, methods=["POST"]),
                Route("/api/v1/help", self._get_help),
                *[
                    Route(f"/api/v1/conversation{path}", self._about(handle), methods=[method])
                    for (method, path), handle in self._calls().items()
                ],
                *page_routes(),
                *self.shop.routes(),
            ],
            middleware=[
                Middleware(CspMiddleware),
                Middleware(
                    CORSMiddleware,
                    allow_origin_regex=OTHER_ORIGIN,
                    allow_methods=["GET", "POST"],
                    allow_headers=["Authorization", "Content-Type", "Prefer", "Last-Event-ID"],
                    expose_headers=["Retry-After"],
                ),
            ],
        )

    def reset(self) -> None:
        self.sessions: dict[str, Conversation] = {}
        # Tokens of guests who signed in, with the identity that they signed in with.
        self.signed_in: dict[str, str] = {}
        self.received: list[Received] = []
        self.faults: deque[Fault] = deque()
        self.streams_cut = 0
        self.reply_delay_s = 0.0
        self.help: dict[str, Any] = HELP
        self.shop.store.reset()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def conversation(self) -> Conversation:
        """The newest one."""
        return list(self.sessions.values())[-1]

    def requests_to(self, end: str) -> list[Received]:
        return [request for request in self.received if request.path.endswith(end)]

    def expire_tokens(self) -> None:
        self.sessions = {f"expired {token}": c for token, c in self.sessions.items()}
        self.cut_streams()

    def cut_streams(self) -> None:
        self.streams_cut += 1

    def _calls(self) -> dict[tuple[str, str], Handler]:
        return {
            **CALLS,
            ("POST", "/messages"): self._accept,
            ("GET", "/events"): self._get_events,
            ("POST", "/restart"): self._restart,
        }

    def _about(self, handle: Handler) -> Endpoint:
        """Answer for a conversation that the request's token is good for."""

        async def answer(request: Request) -> Response:
            if fault := await self._take(request):
                return fault
            body = self.received[-1].body
            conversation = self._find(request)
            if conversation is None or request.headers["authorization"][7:] in self.signed_in:
                return refuse(401, "not-signed-in")
            response = handle(request, conversation, body)
            if self._loses_answer(request):
                return StreamingResponse(_break_off(), response.status_code)
            return response

        return answer

    async def _take(self, request: Request) -> Response | None:
        raw = await request.body()
        body = json.loads(raw) if raw else {}
        headers = dict(request.headers)
        self.received.append(Received(request.method, request.url.path, headers, body))
        for fault in self.faults:
            if fault.status and request.url.path.endswith(fault.path):
                self.faults.remove(fault)
                return refuse(fault.status, headers=fault.headers)
        return None

    def _loses_answer(self, request: Request) -> bool:
        for fault in self.faults:
            if fault.lose_answer and request.url.path.endswith(fault.path):
                self.faults.remove(fault)
                return True
        return False

    def _find(self, request: Request) -> Conversation | None:
        return self.sessions.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    def _open(self, name: str | None, goes_on: Conversation | None = None) -> Response:
        token = f"token-{len(self.sessions) + 1}"
        self.sessions[token] = goes_on or Conversation(id=f"c{len(self.sessions) + 1}", name=name)
        expires_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        customer = {"name": name} if name else None
        opened = {"token": token, "expires_at": expires_at, "customer": customer}
        return JSONResponse({**opened, "conversation_id": self.conversation.id}, 201)

    async def _post_session(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        identity = self.received[-1].body.get("identity")
        if identity in ("refused", EXPIRED_IDENTITY):
            return refuse(401, "identity-rejected")
        name = "Ana Torres" if identity else None
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        goes_on = None
        if identity and token:
            goes_on = self._find(request)
            if goes_on is None or self.signed_in.setdefault(token, identity) != identity:
                return refuse(401, "not-signed-in")
            goes_on = None if goes_on.state == "closed" else goes_on
        response = self._open(name, goes_on)
        if self._loses_answer(request):
            return StreamingResponse(_break_off(), 201)
        return response

    async def _get_help(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        etag = f'"{hashlib.sha256(json.dumps(self.help).encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "public, max-age=300"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return JSONResponse(self.help, headers=headers)

    def _restart(self, _: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
        conversation.state = "closed"
        return self._open(conversation.name)

    def _accept(self, _: Request, conversation: Conversation, body: dict[str, Any]) -> Response:
        if stored := conversation.find("client_id", body["client_id"]):
            return JSONResponse({"message": stored}, 202)
        if conversation.state == "closed":
            return refuse(409, "conversation-closed")
        text = body.get("text", "")
        if choice := body.get("choice"):
            offered = conversation.find_choice(choice)
            if offered is None:
                return refuse(404, "choice-unknown")
            if choice in conversation.used_choices:
                return refuse(409, "choice-used")
            conversation.used_choices.add(choice)
            text = offered["title"]
        message = conversation.say("shopper", Reply(text), client_id=body["client_id"])
        self._answer(conversation, text)
        return JSONResponse({"message": message}, 202)

    def _answer(self, conversation: Conversation, text: str) -> None:
        conversation.type_as("bot", True)

        def answer() -> None:
            for reply in reply_to(text):
                conversation.say("bot", reply)
            conversation.type_as("bot", False)

        asyncio.get_running_loop().call_later(self.reply_delay_s, answer)

    def _get_events(
        self, request: Request, conversation: Conversation, body: dict[str, Any]
    ) -> Response:
        after = int(request.query_params.get("after", 0))
        position = Position.parse(request.headers.get("last-event-id", ""), after)
        if conversation.state == "closed" and position.has_all(conversation):
            return Response(status_code=204)
        events = self._stream(conversation, position)
        return StreamingResponse(events, media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, position: Position) -> AsyncIterator[str]:
        cut_before = self.streams_cut
        self.open_streams += 1
        try:
            async for event in stream(
                conversation, position, lambda: self.streams_cut > cut_before
            ):
                yield event
            if self.streams_cut > cut_before:
                raise AnswerLost
        finally:
            self.open_streams -= 1


async def _break_off() -> AsyncIterator[str]:
    yield '{"message": '
    raise AnswerLost


class Server:
    """Runs a fake gateway on a port of its own, in a thread."""

    def __init__(self, gateway: FakeGateway) -> None:
        config = uvicorn.Config(
            gateway.app,
            host="127.0.0.1",
            port=gateway.port,  # the one it had before, where it is started again
            log_config=None,
            ws="none",
            lifespan="off",
        )
        self._gateway = gateway
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(POLL_S)
        self._gateway.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._gateway.cut_streams()
        self._server.should_exit = True
        self._thread.join(timeout=10)
