"""One conversation as server-sent events.

Each event carries the position after it, `<seq>-<revision>`: the number of the newest message sent
and the conversation's count of other changes. A browser that comes back with its last position gets
exactly what came after it. Typing is not kept, so it moves no position.

A stream lasts no longer than its session: that is looked at again with everything that is told, and
now and then while nothing happens.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Self

from sse_starlette import ServerSentEvent

from bot.db.database import Database, DatabaseAway
from bot.gateway.clock import Clock
from bot.gateway.errors import NotSignedIn
from bot.gateway.events import Events, Subscription, Typing
from bot.gateway.history import News, read_news
from bot.gateway.metrics import Metrics
from bot.gateway.model import ConversationView
from bot.gateway.session_tokens import Bearer

SESSION_CHECK_S = 30.0
_POSITION = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Position:
    """How much of a conversation a listener has; revision -1 is before any."""

    seq: int
    revision: int

    @classmethod
    def parse(cls, event_id: str | None) -> Self | None:
        """Read an event id, or the bare number of a message; anything else is no position."""
        found = _POSITION.fullmatch(event_id or "")
        if found is None:
            return None
        return cls(seq=int(found[1]), revision=-1 if found[2] is None else int(found[2]))

    def is_behind(self, conversation: ConversationView) -> bool:
        return self.seq < conversation.last_seq or self.revision < conversation.revision

    def __str__(self) -> str:
        return f"{self.seq}-{max(self.revision, 0)}"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who follows a conversation, and from where."""

    bearer: Bearer
    address_key: str
    start: Position


async def stream_events(
    database: Database,
    events: Events,
    metrics: Metrics,
    listener: Listener,
    *,
    clock: Clock,
    session_check_s: float = SESSION_CHECK_S,
) -> AsyncIterator[ServerSentEvent]:
    """Yield what is new while the session is good, or until a closed conversation is all told."""
    position = listener.start
    session_id = listener.bearer.session_id
    with (
        events.subscribe(listener.bearer.conversation_id, listener.address_key) as subscription,
        metrics.streams.track_inprogress(),
    ):
        while True:
            try:
                news = await database.read(read_news, session_id, after=position.seq, now=clock())
            except (DatabaseAway, NotSignedIn):
                return  # the browser comes back, with its position, and hears what is wrong
            for event in _tell(news, position):
                yield event
            position = _after(news, position)
            if position.is_behind(news.conversation):
                continue
            if news.conversation.state == "closed":
                return
            for typing in await _wait(subscription, position, timeout_s=session_check_s):
                yield _typing_event(typing)


def _tell(news: News, position: Position) -> Iterator[ServerSentEvent]:
    for message in news.messages:
        yield _event("message", message.model_dump_json(), Position(message.seq, position.revision))
    if position.revision < news.conversation.revision:
        # Both describe one revision, so only the second moves the position: a connection that
        # breaks between them gets both again.
        yield _event("state", json.dumps({"state": news.conversation.state}), None)
        yield _event("read", news.conversation.read.model_dump_json(), _after(news, position))


def _after(news: News, position: Position) -> Position:
    seq = news.messages[-1].seq if news.messages else position.seq
    return Position(seq, max(position.revision, news.conversation.revision))


async def _wait(
    subscription: Subscription, position: Position, *, timeout_s: float
) -> list[Typing]:
    subscription.seen = (position.seq, position.revision)
    try:
        async with asyncio.timeout(timeout_s):
            return await subscription.wait()
    except TimeoutError:
        return []


def _typing_event(typing: Typing) -> ServerSentEvent:
    data = json.dumps({"sender": typing.sender, "typing": typing.active})
    return _event("typing", data, None)


def _event(name: str, data: str, position: Position | None) -> ServerSentEvent:
    return ServerSentEvent(
        data=data, event=name, id=str(position) if position is not None else None, sep="\n"
    )
