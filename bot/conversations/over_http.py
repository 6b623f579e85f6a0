"""Conversations with a bot that runs as `bot serve --demo` runs it, over its public interface."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import delete

from actions.orders.sql_engine import open_engine as open_orders_engine
from bot.conversations.format import Conversation, Step
from bot.conversations.shown import Offer, Reply
from bot.conversations.sql_world import SqlWorld
from bot.conversations.stage import Refused
from bot.conversations.world import StepImpossible
from bot.db.engine import open_engine, writing
from bot.db.schema import lookup_failures

_WAIT_S: Final = 20
_TIMEOUT_S: Final = 30.0


class HttpStage:
    """A `Stage` over HTTP; `state_dir` holds the databases of the demo that is served."""

    def __init__(self, url: str, state_dir: Path) -> None:
        self._url = url
        self._bot_engine = open_engine(f"sqlite:///{state_dir / 'bot.sqlite3'}")
        self._orders_engine = open_orders_engine(f"sqlite:///{state_dir / 'orders.sqlite3'}")
        self.world = SqlWorld(self._orders_engine, lambda: datetime.now(UTC))

    def close(self) -> None:
        """Let go of the databases."""
        self._bot_engine.dispose()
        self._orders_engine.dispose()

    @asynccontextmanager
    async def begin(self, conversation: Conversation) -> AsyncIterator[HttpTabs]:
        self.world.reset()
        with writing(self._bot_engine) as connection:
            connection.execute(delete(lookup_failures))
        async with httpx.AsyncClient(base_url=self._url, timeout=_TIMEOUT_S) as http:
            yield HttpTabs(http, conversation)

    def change(self, step: Step) -> None:
        raise StepImpossible("it only works in process")


class HttpTabs:
    """The tabs of one conversation's shopper, each with a session of its own."""

    def __init__(self, http: httpx.AsyncClient, conversation: Conversation) -> None:
        self._http = http
        self._conversation = conversation

    async def open(self) -> HttpTab:
        opening = {
            "locale": self._conversation.locale.replace("_", "-"),
            "time_zone": self._conversation.time_zone,
        }
        if customer := self._conversation.customer_id:
            vouched = await self._post("/demo/identity", {"customer": customer})
            opening |= vouched
        session = await self._post("/api/v1/sessions", opening)
        return HttpTab(self._http, str(session["token"]))

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        answer = await self._http.post(path, json=body)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content


class HttpTab:
    """A session, used as the widget uses it."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}", "Prefer": f"wait={_WAIT_S}"}
        self._latest: dict[str, str] = {}

    async def says(self, text: str) -> Sequence[Reply]:
        return await self._send({"client_id": str(uuid.uuid4()), "text": text})

    async def taps(self, offer: Offer) -> Sequence[Reply]:
        return await self._send({"client_id": str(uuid.uuid4()), "choice": offer.handle})

    async def sends_again(self) -> Sequence[Reply]:
        return await self._send(self._latest)

    async def _send(self, message: dict[str, str]) -> Sequence[Reply]:
        self._latest = message
        answer = await self._http.post(
            "/api/v1/conversation/messages", json=message, headers=self._headers
        )
        content = answer.json()
        if answer.status_code != httpx.codes.OK:
            raise Refused(f"{answer.status_code} {content.get('detail', 'not answered in time')}")
        return [Reply.parse(reply, "id") for reply in content["replies"]]
