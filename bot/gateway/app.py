"""The composition root of the gateway: every concrete part, and the order of the middleware."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import redis.asyncio as redis
import structlog
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from bot.db.database import Database
from bot.errors import ConfigurationError
from bot.gateway import pages, problems
from bot.gateway.brain_client import Brain
from bot.gateway.cleanup import Cleanup
from bot.gateway.client_address import parse_networks
from bot.gateway.clock import Clock, utc_now
from bot.gateway.events import Events
from bot.gateway.help_center import HelpCenter
from bot.gateway.identity import IdentityKeys, NoKeys, SharedSecret
from bot.gateway.key_set import KeySet, fetch_file, fetch_https
from bot.gateway.limits import LimitRules, Limits
from bot.gateway.metrics import Metrics
from bot.gateway.middleware.access_log import AccessLogMiddleware
from bot.gateway.middleware.body_size import BodySizeMiddleware
from bot.gateway.middleware.request_id import RequestIdMiddleware
from bot.gateway.middleware.security_headers import SecurityHeadersMiddleware
from bot.gateway.routes import (
    conversation,
    feedback,
    health,
    help_center,
    messages,
    sessions,
    transcript,
)
from bot.gateway.services import Services
from bot.gateway.session_tokens import SessionTokens
from bot.gateway.turns import Turns, TurnTiming
from bot.gateway.webhooks import Webhooks
from bot.gateway.wording import read_wording
from bot.settings import Settings

_REDIS_CONNECT_TIMEOUT_S = 2.0
_RESTART_AFTER_S = 1.0
_API_DESCRIPTION = "The help-center chat of an online shop. How to use it: docs/http.md."

_log = structlog.get_logger("bot.gateway")


def create_app(
    settings: Settings, *, engine: Engine, brain: Brain, clock: Clock = utc_now
) -> FastAPI:
    """Put the gateway together; its background work runs while the application's lifespan does.

    Raises:
        ConfigurationError: a file that the settings name cannot be used.
    """
    metrics = Metrics()
    services = _make_services(settings, engine, brain, clock, metrics)
    app = FastAPI(
        title="Shop support bot",
        version="1",
        description=_API_DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,  # they load scripts from elsewhere, which our own policy forbids
        redoc_url=None,
        middleware=_middleware(settings, metrics),
        redirect_slashes=False,
    )
    app.state.services = services
    problems.install(app)
    for part in (sessions, messages, conversation, transcript, feedback, help_center, health):
        app.include_router(part.router)
    pages.mount_widget(app)
    problems.describe(app)
    return app


def _middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """The stack, outermost first."""
    return [
        Middleware(RequestIdMiddleware),
        Middleware(AccessLogMiddleware, metrics=metrics),
        Middleware(SecurityHeadersMiddleware),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Prefer", "Last-Event-ID"],
            expose_headers=[
                "Retry-After",
                "Preference-Applied",
                "X-Request-ID",
                "Content-Disposition",
            ],
        ),
        Middleware(BodySizeMiddleware, max_bytes=settings.max_body_bytes),
    ]


def _make_services(
    settings: Settings, engine: Engine, brain: Brain, clock: Clock, metrics: Metrics
) -> Services:
    gateway_id = secrets.token_hex(8)
    database = Database(engine)
    events = Events(
        database,
        metrics,
        gateway_id=gateway_id,
        redis_client=_open_redis(settings.redis_url),
    )
    turns = Turns(
        database,
        brain,
        events,
        wording=read_wording(settings.domain_path),
        metrics=metrics,
        clock=clock,
        timing=TurnTiming(
            lease_s=settings.turn_lease_s,
            patience_s=settings.brain_patience_s,
            attempts=settings.turn_attempts,
        ),
        gateway_id=gateway_id,
    )
    rules = LimitRules(
        sessions_per_address=settings.sessions_per_address,
        messages_per_session=settings.messages_per_session,
        messages_per_address=settings.messages_per_address,
        reads_per_session=settings.reads_per_session,
        reads_per_address=settings.reads_per_address,
    )
    return Services(
        settings=settings,
        database=database,
        brain=brain,
        events=events,
        help=HelpCenter(database, settings.articles_dir, clock),
        turns=turns,
        limits=Limits(rules, metrics, redis_url=settings.redis_url),
        tokens=SessionTokens(settings.derive_key("session tokens")),
        identity_keys=_identity_keys(settings),
        metrics=metrics,
        clock=clock,
        trusted_proxies=parse_networks(settings.trusted_proxies),
    )


def _identity_keys(settings: Settings) -> IdentityKeys:
    if settings.identity_secret is not None:
        return SharedSecret(settings.identity_secret.get_secret_value())
    if settings.identity_jwks is None:
        return NoKeys()
    if settings.identity_jwks.startswith("https://"):
        return KeySet(fetch_https(settings.identity_jwks))
    return KeySet(fetch_file(Path(settings.identity_jwks)))


def _open_redis(url: str | None) -> redis.Redis | None:
    if url is None:
        return None
    try:
        return redis.Redis.from_url(url, socket_connect_timeout=_REDIS_CONNECT_TIMEOUT_S)
    except ValueError as error:
        raise ConfigurationError(
            "BOT_REDIS_URL is not an address of Redis: use redis://host:6379/0"
        ) from error


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    async with services.brain:
        tasks = [
            asyncio.create_task(_keep_running(work), name=name)
            for name, work in _background_work(services)
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await services.events.close()
            await services.limits.close()
            services.database.close()


def _background_work(services: Services) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
    yield "events", services.events.run
    yield "turns", services.turns.run
    yield "cleanup", Cleanup(services.database, services.clock).run
    url, secret = services.settings.seller_webhook_url, services.settings.seller_webhook_secret
    if url and secret:
        webhooks = Webhooks(
            services.database,
            url=url,
            secret=secret,
            clock=services.clock,
            metrics=services.metrics,
        )
        yield "webhooks", webhooks.run


async def _keep_running(work: Callable[[], Awaitable[None]]) -> None:
    """Run background work again when a fault of ours ends it: it must not stop unnoticed."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the edge of the process: logged, and begun again
            _log.exception("background_work_failed")
        await asyncio.sleep(_RESTART_AFTER_S)
