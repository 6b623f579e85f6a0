"""Telling open streams that a conversation has changed.

The truth is in the database. Inside a process a change wakes its streams at once; other gateways
hear of it through Redis when there is one, and find out for themselves within a second by asking
the database about all the conversations that their streams show. A hint that is lost costs that
second and never a message. Typing is the exception: it is told, never stored, and without Redis it
stays within one gateway.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError
from sqlalchemy import Connection, select

from bot.db.database import Database, DatabaseAway
from bot.db.schema import conversations
from bot.gateway.metrics import Metrics
from bot.gateway.model import Sender

POLL_S = 1.0
CHANNEL = "shop-support-bot:events"
_BATCH = 500
_MAX_HINTS = 10_000
_MAX_TYPING = 20

_log = structlog.get_logger("bot.gateway")


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody began or stopped typing."""

    sender: Sender
    active: bool


@dataclass(eq=False, slots=True)
class Subscription:
    """One listener's ear on one conversation."""

    conversation_id: str
    # What the listener has seen of `last_seq` and `revision`: polling wakes it for other values.
    seen: tuple[int, int] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _typing: list[Typing] = field(default_factory=list)

    def wake(self, typing: Typing | None = None) -> None:
        if typing is not None and len(self._typing) < _MAX_TYPING:
            self._typing.append(typing)
        self._changed.set()

    async def wait(self) -> list[Typing]:
        """Wait for a change; return the typing that was told meanwhile."""
        await self._changed.wait()
        self._changed.clear()
        typing, self._typing = self._typing, []
        return typing


class Events:
    """The wake-ups of one gateway."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        *,
        gateway_id: str,
        redis_client: redis.Redis | None = None,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._gateway_id = gateway_id
        self._redis = redis_client
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._listeners_by_address: Counter[str] = Counter()
        self._hints: asyncio.Queue[str] = asyncio.Queue(_MAX_HINTS)

    @contextmanager
    def subscribe(self, conversation_id: str, address_key: str = "") -> Iterator[Subscription]:
        """Listen to a conversation, from a network address."""
        listeners = self._subscriptions.setdefault(conversation_id, set())
        subscription = Subscription(conversation_id)
        listeners.add(subscription)
        self._listeners_by_address[address_key] += 1
        try:
            yield subscription
        finally:
            listeners.discard(subscription)
            self._listeners_by_address[address_key] -= 1
            if not self._listeners_by_address[address_key]:
                del self._listeners_by_address[address_key]
            if not listeners and self._subscriptions.get(conversation_id) is listeners:
                del self._subscriptions[conversation_id]

    def count_listeners(self, conversation_id: str) -> int:
        return len(self._subscriptions.get(conversation_id, ()))

    def count_listeners_at(self, address_key: str) -> int:
        return self._listeners_by_address[address_key]

    def changed(self, conversation_id: str) -> None:
        """Say that something of this conversation was stored."""
        self._wake(conversation_id, None)
        self._hint({"conversation_id": conversation_id})

    def typing(self, conversation_id: str, typing: Typing) -> None:
        """Say that somebody types, or no longer does."""
        self._wake(conversation_id, typing)
        self._hint(
            {
                "conversation_id": conversation_id,
                "typing": {"sender": typing.sender, "active": typing.active},
            }
        )

    async def run(self) -> None:
        """Listen and poll until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._poll())
            if self._redis is not None:
                tasks.create_task(self._publish(self._redis))
                tasks.create_task(self._listen(self._redis))

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    def _wake(self, conversation_id: str, typing: Typing | None) -> None:
        for subscription in self._subscriptions.get(conversation_id, ()):
            subscription.wake(typing)

    def _hint(self, content: dict[str, object]) -> None:
        if self._redis is None:
            return
        try:
            self._hints.put_nowait(json.dumps({**content, "from": self._gateway_id}))
        except asyncio.QueueFull:
            self._metrics.hint_failures.inc()

    async def _publish(self, client: redis.Redis) -> None:
        while True:
            hint = await self._hints.get()
            try:
                await client.publish(CHANNEL, hint)
            except (RedisError, OSError):
                self._metrics.hint_failures.inc()

    async def _listen(self, client: redis.Redis) -> None:
        while True:
            try:
                async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    async for message in pubsub.listen():
                        self._hear(message["data"])
            except (RedisError, OSError) as error:
                _log.warning("redis_away", error=type(error).__name__)
                await asyncio.sleep(POLL_S)

    def _hear(self, data: bytes | str) -> None:
        try:
            hint = json.loads(data)
            if hint["from"] == self._gateway_id:
                return
            told = hint.get("typing")
            typing = Typing(Sender(told["sender"]), bool(told["active"])) if told else None
            self._wake(str(hint["conversation_id"]), typing)
        except (ValueError, KeyError, TypeError, AttributeError):
            _log.warning("hint_not_understood")

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            watched = list(self._subscriptions)
            for start in range(0, len(watched), _BATCH):
                try:
                    marks = await self._database.read(_read_marks, watched[start : start + _BATCH])
                except DatabaseAway as error:
                    _log.warning("poll_failed", error=str(error))
                    break
                self._compare(marks)

    def _compare(self, marks: dict[str, tuple[int, int]]) -> None:
        for conversation_id, mark in marks.items():
            for subscription in self._subscriptions.get(conversation_id, ()):
                if subscription.seen != mark:
                    subscription.wake()


def _read_marks(
    connection: Connection, conversation_ids: Sequence[str]
) -> dict[str, tuple[int, int]]:
    rows = connection.execute(
        select(conversations.c.id, conversations.c.last_seq, conversations.c.revision).where(
            conversations.c.id.in_(conversation_ids)
        )
    )
    return {row.id: (row.last_seq, row.revision) for row in rows}
