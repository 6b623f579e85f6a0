"""Gateways that run inside a test, and shoppers who talk to them over HTTP."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, text

from bot.db.engine import reading, writing
from bot.gateway.app import create_app
from bot.gateway.brain_client import Brain
from bot.gateway.clock import utc_now
from bot.gateway.intake import Accepted, Arrival, accept_message
from bot.gateway.model import Draft, Session
from bot.gateway.process import Furnish
from bot.gateway.services import Services
from bot.process import free_port
from bot.settings import Settings, load_settings

SECRET = "s" * 64
IDENTITY_SECRET = "i" * 64
AWAY_TEXT = "I am away for a moment."
FAILED_TEXT = "I could not do that."


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that nothing tells us of."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - whatever is waited for has no event
            await asyncio.sleep(0.01)


async def until_blocked(engine: Engine) -> None:
    """Wait until a transaction waits for another; SQLite does not tell, and needs no waiting."""
    if engine.dialect.name == "sqlite":
        return
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def somebody_waits() -> bool:
        with reading(engine) as connection:
            return bool(connection.execute(waiting).scalar_one())

    await until(somebody_waits)


def arrive(session: Session, draft: Draft) -> Arrival:
    """A message that reaches a gateway, for tests that go straight to the database."""
    return Arrival(session.id, draft, "address", utc_now(), lease_owner="me", lease_s=60)


def accept(engine: Engine, arrival: Arrival) -> Accepted:
    with writing(engine) as connection:
        return accept_message(connection, arrival)


def make_settings(state_dir: Path, database_url: str | None = None, **changes: str) -> Settings:
    """Settings of a test, with short waits; `changes` are variables of the environment."""
    domain = state_dir / "domain.yml"
    if not domain.exists():
        domain.write_text(
            "responses:\n"
            f"  utter_bot_unavailable:\n  - text: {AWAY_TEXT}\n"
            f"  utter_bot_failed:\n  - text: {FAILED_TEXT}\n"
        )
    environ = {
        "BOT_STATE_DIR": str(state_dir),
        "BOT_SECRET_KEY": SECRET,
        "BOT_IDENTITY_SECRET": IDENTITY_SECRET,
        "BOT_DOMAIN_PATH": str(domain),
        "BOT_TURN_LEASE_S": "0.6",
        "BOT_BRAIN_PATIENCE_S": "0.2",
        "BOT_LIMIT_SESSIONS_PER_ADDRESS": "1000/minute",
        "BOT_LIMIT_MESSAGES_PER_SESSION": "1000/minute",
        "BOT_LIMIT_MESSAGES_PER_ADDRESS": "1000/minute",
        "BOT_LIMIT_READS_PER_SESSION": "100000/minute",
        "BOT_LIMIT_READS_PER_ADDRESS": "100000/minute",
        **({"BOT_DATABASE_URL": database_url} if database_url else {}),
        **changes,
    }
    return load_settings({name: value for name, value in environ.items() if value})


@dataclass
class Shopper:
    """Somebody with a session."""

    client: httpx.AsyncClient
    session: dict[str, Any]
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session['token']}"}

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.client.post(
            f"/api/v1/conversation/{path}", json=body, headers={**self.headers, **headers}
        )

    async def get(self, path: str = "", **headers: str) -> httpx.Response:
        address = "/api/v1/conversation" + (f"/{path}" if path else "")
        return await self.client.get(address, headers={**self.headers, **headers})

    async def send(self, *, wait_s: int | None = 25, **message: str) -> httpx.Response:
        body = {"client_id": f"m{next(self._numbers)}", **message}
        prefer = {} if wait_s is None else {"Prefer": f"wait={wait_s}"}
        return await self.post("messages", body, **prefer)

    async def ask(self, text: str) -> list[dict[str, Any]]:
        """Send words and return the replies."""
        response = await self.send(text=text)
        assert response.status_code == 200, response.text
        replies: list[dict[str, Any]] = response.json()["replies"]
        return replies

    async def history(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.get("messages")).json()["messages"]
        return messages

    async def texts(self) -> list[str]:
        return [f"{message['sender']}: {message['text']}" for message in await self.history()]

    async def wait_for_texts(self, count: int) -> list[str]:
        """Return the history once it has this many messages."""
        texts: list[str] = []
        async with asyncio.timeout(20):
            while len(texts) < count:
                await asyncio.sleep(0.02)
                texts = await self.texts()
        return texts


@dataclass
class Gateway:
    """A gateway that runs in this process."""

    app: FastAPI
    client: httpx.AsyncClient

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    async def open(self, **session: str) -> Shopper:
        response = await self.client.post("/api/v1/sessions", json=session)
        assert response.status_code == 201, response.text
        return Shopper(self.client, response.json())


@asynccontextmanager
async def run_gateway(
    settings: Settings, engine: Engine, brain: Brain, furnish: Furnish | None = None
) -> AsyncIterator[Gateway]:
    """Run a gateway with its background work, reached without a network."""
    app = create_app(settings, engine=engine, brain=brain)
    if furnish is not None:
        furnish(app, settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bot.test") as client,
    ):
        yield Gateway(app, client)


@asynccontextmanager
async def serve(app: Any) -> AsyncIterator[str]:
    """Serve an ASGI application on a real port; gives its address."""
    port = free_port()
    config = uvicorn.Config(
        app, port=port, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving
