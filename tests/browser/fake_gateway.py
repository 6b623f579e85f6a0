"""A gateway for browser tests: it speaks the HTTP of the real one and makes faults on demand."""

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.browser.demo_shop import DemoShop
from tests.browser.host_pages import CspMiddleware, page_routes
from tests.browser.scripted_replies import Reply, reply_to

_POLL_S = 0.02


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


@dataclass
class Conversation:
    id: str
    name: str | None
    messages: list[dict[str, Any]] = field(default_factory=list)
    state: str = "bot"
    used_choices: set[str] = field(default_factory=set)

    def say(self, sender: str, reply: Reply, **more: Any) -> dict[str, Any]:
        message = {
            "seq": len(self.messages) + 1,
            "id": f"m{len(self.messages) + 1}",
            "client_id": None,
            "sender": sender,
            "name": None,
            "at": datetime.now(UTC).isoformat(),
            **reply.as_json(),
            **more,
        }
        self.messages.append(message)
        return message


class FakeGateway:
    """Its state is plain data that a test reads and changes while the server thread serves."""

    def __init__(self) -> None:
        self.port = 0
        self.shop = DemoShop()
        self.reset()
        self.app = Starlette(
            routes=[
                Route("/api/v1/sessions", self._post_session, methods=["POST"]),
                Route("/api/v1/conversation/messages", self._post_message, methods=["POST"]),
                Route("/api/v1/conversation/messages", self._get_messages),
                Route("/api/v1/conversation/events", self._get_events),
                Route("/api/v1/conversation/restart", self._post_restart, methods=["POST"]),
                *page_routes(),
                *self.shop.routes(),
            ],
            middleware=[Middleware(CspMiddleware)],
        )

    def reset(self) -> None:
        self.sessions: dict[str, Conversation] = {}
        self.received: list[Received] = []
        self.faults: deque[Fault] = deque()
        self.streams_cut = 0
        self.reply_delay_s = 0.0
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

    async def _take(self, request: Request) -> Response | None:
        raw = await request.body()
        body = json.loads(raw) if raw else {}
        headers = dict(request.headers)
        self.received.append(Received(request.method, request.url.path, headers, body))
        for fault in self.faults:
            if fault.status and request.url.path.endswith(fault.path):
                self.faults.remove(fault)
                return JSONResponse({"status": fault.status}, fault.status, fault.headers)
        return None

    def _loses_answer(self, request: Request) -> bool:
        for fault in self.faults:
            if fault.lose_answer and request.url.path.endswith(fault.path):
                self.faults.remove(fault)
                return True
        return False

    def _find(self, request: Request) -> Conversation | None:
        return self.sessions.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    def _open(self, name: str | None) -> Response:
        token = f"token-{len(self.sessions) + 1}"
        self.sessions[token] = Conversation(id=f"c{len(self.sessions) + 1}", name=name)
        expires_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        customer = {"name": name} if name else None
        opened = {"token": token, "expires_at": expires_at, "customer": customer}
        return JSONResponse({**opened, "conversation_id": self.conversation.id}, 201)

    async def _post_session(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        identity = self.received[-1].body.get("identity")
        if identity == "refused":
            return JSONResponse({"status": 401}, 401)
        return self._open("Ana Torres" if identity else None)

    async def _post_restart(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        conversation = self._find(request)
        if conversation is None:
            return JSONResponse({"status": 401}, 401)
        conversation.state = "closed"
        return self._open(conversation.name)

    async def _post_message(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        conversation = self._find(request)
        if conversation is None:
            return JSONResponse({"status": 401}, 401)
        message = self._store(conversation, self.received[-1].body)
        if message is None:
            return JSONResponse({"status": 409}, 409)
        if self._loses_answer(request):
            return StreamingResponse(_break_off(), 202)
        return JSONResponse({"message": message}, 202)

    def _store(self, conversation: Conversation, body: dict[str, Any]) -> dict[str, Any] | None:
        for message in conversation.messages:
            if message["client_id"] == body["client_id"]:
                return message
        text = body.get("text", "")
        if choice := body.get("choice"):
            if choice in conversation.used_choices:
                return None
            conversation.used_choices.add(choice)
            offered = (c for m in conversation.messages for c in m["choices"])
            text = next(c["title"] for c in offered if c["id"] == choice)
        message = conversation.say("shopper", Reply(text), client_id=body["client_id"])
        loop = asyncio.get_running_loop()
        for reply in reply_to(text):
            loop.call_later(self.reply_delay_s, conversation.say, "bot", reply)
        return message

    async def _get_messages(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        conversation = self._find(request)
        if conversation is None:
            return JSONResponse({"status": 401}, 401)
        after = int(request.query_params.get("after", 0))
        page = conversation.messages[after : after + 200]
        return JSONResponse({"messages": page, "last_seq": len(conversation.messages)})

    async def _get_events(self, request: Request) -> Response:
        if fault := await self._take(request):
            return fault
        conversation = self._find(request)
        if conversation is None:
            return JSONResponse({"status": 401}, 401)
        position = request.headers.get("last-event-id", request.query_params.get("after", "0"))
        events = self._stream(conversation, int(position.split("-")[0]))
        return StreamingResponse(events, media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, seq: int) -> AsyncIterator[str]:
        cut_before = self.streams_cut
        state = ""
        yield ": connected\r\n\r\n"
        while self.streams_cut == cut_before:
            for message in conversation.messages[seq:]:
                seq = message["seq"]
                yield _event("message", message, f"{seq}-0")
            if conversation.state != state:
                state = conversation.state
                yield _event("state", {"state": state}, f"{seq}-1")
            await asyncio.sleep(_POLL_S)
        raise AnswerLost


def _event(name: str, data: dict[str, Any], event_id: str) -> str:
    return f"id: {event_id}\r\nevent: {name}\r\ndata: {json.dumps(data)}\r\n\r\n"


async def _break_off() -> AsyncIterator[str]:
    yield '{"message": '
    raise AnswerLost


class Server:
    """Runs a fake gateway on a port of its own, in a thread."""

    def __init__(self, gateway: FakeGateway) -> None:
        config = uvicorn.Config(
            gateway.app, host="127.0.0.1", port=0, log_config=None, ws="none", lifespan="off"
        )
        self._gateway = gateway
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(_POLL_S)
        self._gateway.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._gateway.cut_streams()
        self._server.should_exit = True
        self._thread.join(timeout=10)
