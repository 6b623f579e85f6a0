"""How often one address or session may call.

Policy when Redis is away: the limits go on being counted in this process, so a flood is still
stopped, only less exactly; every such count shows in the metrics. Redis is asked again after a few
seconds.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

from bot.gateway.errors import TooManyRequests
from bot.gateway.metrics import Metrics

_REDIS_TIMEOUT_S = 0.5
_ASK_REDIS_AGAIN_AFTER_S = 5.0
_MAX_LOCAL_KEYS = 100_000

_log = structlog.get_logger("bot.gateway")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in a moving window, named for the metrics."""

    name: str
    item: RateLimitItem
    detail: str


@dataclass(frozen=True, slots=True)
class LimitRules:
    """The limits in the notation of the settings, such as `30/minute`; ValueError if it is not."""

    sessions_per_address: str
    messages_per_session: str
    messages_per_address: str
    reads_per_session: str
    reads_per_address: str


class Limits:
    """Counts calls, in Redis when there is one."""

    def __init__(
        self,
        rules: LimitRules,
        metrics: Metrics,
        *,
        redis_url: str | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions_per_address = Limit(
            "sessions_per_address",
            parse(rules.sessions_per_address),
            "Too many new sessions from this network address.",
        )
        self._messages_per_session = Limit(
            "messages_per_session",
            parse(rules.messages_per_session),
            "Too many messages in this session.",
        )
        self._messages_per_address = Limit(
            "messages_per_address",
            parse(rules.messages_per_address),
            "Too many messages from this network address.",
        )
        self._reads_per_session = Limit(
            "reads_per_session", parse(rules.reads_per_session), "Too many calls in this session."
        )
        self._reads_per_address = Limit(
            "reads_per_address",
            parse(rules.reads_per_address),
            "Too many calls from this network address.",
        )
        self._probes_per_address = Limit(
            "probes_per_address",
            parse(rules.reads_per_address),
            "Too many questions for readiness from this network address.",
        )
        self._metrics = metrics
        self._monotonic_s = monotonic_s
        self._local = LocalWindows(monotonic_s)
        self._shared = SharedWindows(redis_url) if redis_url else None
        self._shared_again_at_s = 0.0

    async def count_session(self, address_key: str) -> None:
        """Count a new session.

        Raises:
            TooManyRequests: there were too many.
        """
        await self._count(self._sessions_per_address, address_key)

    async def count_message(self, session_id: str, address_key: str) -> None:
        """Count a message.

        Raises:
            TooManyRequests: there were too many.
        """
        await self._count(self._messages_per_session, session_id)
        await self._count(self._messages_per_address, address_key)

    async def count_read(self, session_id: str, address_key: str) -> None:
        """Count a call that reads or changes little: these are cheap, but not for nothing.

        Raises:
            TooManyRequests: there were too many.
        """
        await self._count(self._reads_per_session, session_id)
        await self._count(self._reads_per_address, address_key)

    async def count_open_read(self, address_key: str) -> None:
        """Count a call that needs no session.

        Raises:
            TooManyRequests: there were too many.
        """
        await self._count(self._reads_per_address, address_key)

    async def count_probe(self, address_key: str) -> None:
        """Count a question whether the bot is ready, apart from what shoppers do.

        Raises:
            TooManyRequests: there were too many.
        """
        await self._count(self._probes_per_address, address_key)

    async def close(self) -> None:
        if self._shared is not None:
            await self._shared.close()

    async def _count(self, limit: Limit, key: str) -> None:
        retry_after_s = await self._hit(limit, key)
        if retry_after_s is not None:
            self._metrics.limited.labels(limit.name).inc()
            raise TooManyRequests(limit.detail, retry_after_s=retry_after_s)

    async def _hit(self, limit: Limit, key: str) -> int | None:
        """Count one call; return nothing when it is allowed, else the seconds to wait."""
        if self._shared is None:
            return self._local.hit(limit, key)
        if self._monotonic_s() >= self._shared_again_at_s:
            try:
                return await self._shared.hit(limit, key)
            except StorageError as error:
                self._shared_again_at_s = self._monotonic_s() + _ASK_REDIS_AGAIN_AFTER_S
                _log.warning("limits_without_redis", error=type(error.storage_error).__name__)
        self._metrics.limit_store_failures.inc()
        return self._local.hit(limit, key)


class LocalWindows:
    """Moving windows of this process.

    The library's own memory storage starts a thread at nearly every call to forget old keys, which
    costs more than all the rest of taking a message in.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def hit(self, limit: Limit, key: str) -> int | None:
        """Count one call; return nothing when it is allowed, else the seconds to wait."""
        now_s = self._monotonic_s()
        calls = self._calls.setdefault((limit.name, key), deque(maxlen=limit.item.amount))
        begin_s = now_s - limit.item.get_expiry()
        if len(calls) == limit.item.amount and calls[0] > begin_s:
            return max(1, math.ceil(calls[0] - begin_s))
        calls.append(now_s)
        if len(self._calls) > _MAX_LOCAL_KEYS:
            # The key that came first is the likeliest to be done; the newest is this one.
            del self._calls[next(iter(self._calls))]
        return None


class SharedWindows:
    """Moving windows that all gateways count in, in Redis."""

    def __init__(self, redis_url: str) -> None:
        self._pool = ConnectionPool.from_url(
            redis_url,
            socket_timeout=_REDIS_TIMEOUT_S,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
        )
        # The library's types know only plain options, while its documentation names the pool.
        options: dict[str, Any] = {"connection_pool": self._pool}
        self._limiter = MovingWindowRateLimiter(
            RedisStorage(
                f"async+{redis_url}",
                wrap_exceptions=True,
                implementation="redispy",
                key_prefix="shop-support-bot",
                **options,
            )
        )

    async def hit(self, limit: Limit, key: str) -> int | None:
        """Count one call; return nothing when it is allowed, else the seconds to wait.

        Raises:
            StorageError: Redis did not answer.
        """
        if await self._limiter.hit(limit.item, limit.name, key):
            return None
        window = await self._limiter.get_window_stats(limit.item, limit.name, key)
        return max(1, math.ceil(window.reset_time - time.time()))

    async def close(self) -> None:
        await self._pool.disconnect()
