"""The real gateway with a scripted brain, in a thread, with a page that holds the chat."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, insert, select, update
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.db.engine import open_engine, reading, writing
from bot.db.schema import conversations, messages
from bot.db.upgrade import upgrade
from bot.gateway.app import create_app
from bot.gateway.clock import utc_now
from bot.gateway.events import Typing
from bot.gateway.model import Sender
from bot.gateway.services import Services
from bot.gateway.session_store import new_id
from tests.browser.host_pages import page_routes
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import make_settings, serve

Result = TypeVar("Result")
_PAGES = ("/page", "/icon.svg")


class _WithPages:
    """A shop's page beside the gateway, from the same origin."""

    def __init__(self, gateway: ASGIApp) -> None:
        self._gateway = gateway
        self._pages = Starlette(routes=page_routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"].startswith(_PAGES)
        await (self._pages if is_page else self._gateway)(scope, receive, send)


class RealGateway:
    """Serves until the block ends; a test asks and changes its database meanwhile."""

    def __init__(self, state_dir: Path) -> None:
        settings = make_settings(state_dir)
        self._engine: Engine = open_engine(settings.database_url)
        upgrade(self._engine)
        self._app = create_app(settings, engine=self._engine, brain=FakeBrain())
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._loop: asyncio.AbstractEventLoop
        self._done: asyncio.Event
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the gateway does not start")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()
        self._engine.dispose()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def start(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Do something beside the gateway, in its thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something in the gateway's thread, and wait for it."""
        return self.start(work).result(30)

    def conversations(self) -> list[str]:
        """The conversations in which something was said, oldest first."""
        with reading(self._engine) as connection:
            said = select(conversations.c.id).where(conversations.c.last_seq > 0)
            return list(connection.execute(said.order_by(conversations.c.created_at)).scalars())

    def transcript(self, conversation_id: str) -> list[tuple[str, str]]:
        """Who said what, in the order of the store."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(messages.c.sender, messages.c.body)
                .where(messages.c.conversation_id == conversation_id)
                .order_by(messages.c.seq)
            )
            return [(row.sender, row.body["text"]) for row in rows]

    def say_as_agent(self, conversation_id: str, text: str) -> None:
        """Say something from the shop's side, as an agent's reply will be stored."""
        with writing(self._engine) as connection:
            _store(connection, conversation_id, text)
        self._tell(lambda services: services.events.changed(conversation_id))

    def hand_over(self, conversation_id: str, state: str = "agent") -> None:
        """Let a person answer from now on."""
        with writing(self._engine) as connection:
            connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id)
                .values(state=state, revision=conversations.c.revision + 1)
            )
        self._tell(lambda services: services.events.changed(conversation_id))

    def type_as_agent(self, conversation_id: str, *, typing: bool) -> None:
        told = Typing(Sender.AGENT, active=typing)
        self._tell(lambda services: services.events.typing(conversation_id, told))

    def _tell(self, tell: Callable[[Services], None]) -> None:
        self._loop.call_soon_threadsafe(tell, self._app.state.services)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done = asyncio.Event()
        async with serve(_WithPages(self._app)) as self.url:
            self._ready.set()
            await self._done.wait()


def _store(connection: Connection, conversation_id: str, text: str) -> None:
    seq = connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(last_seq=conversations.c.last_seq + 1)
        .returning(conversations.c.last_seq)
    ).scalar_one()
    connection.execute(
        insert(messages),
        {
            "conversation_id": conversation_id,
            "seq": seq,
            "id": new_id(),
            "sender": Sender.AGENT,
            "name": "Mia",
            "at": utc_now(),
            "body": {"text": text},
        },
    )
