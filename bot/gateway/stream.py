"""One conversation as server-sent events.

Each event carries the position after it, `<seq>-<revision>`: the number of the newest message sent
and the conversation's count of other changes. A browser that comes back with its last position gets
exactly what came after it. Typing is not kept, so it moves no position.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection
from sse_starlette import ServerSentEvent

from bot.db.database import Database, DatabaseAway
from bot.gateway.events import Events, Subscription, Typing
from bot.gateway.history import PAGE_SIZE, News, find_conversation, read_messages
from bot.gateway.metrics import Metrics
from bot.gateway.model import ConversationView

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


async def stream_events(
    database: Database,
    events: Events,
    metrics: Metrics,
    *,
    conversation_id: str,
    start: Position,
) -> AsyncIterator[ServerSentEvent]:
    """Yield what is new, for ever, or until a closed conversation is told to its end."""
    position = start
    with events.subscribe(conversation_id) as subscription, metrics.streams.track_inprogress():
        while True:
            try:
                news = await database.read(_read, conversation_id, after=position.seq)
            except DatabaseAway:
                return  # the browser comes back, with its position
            for event in _tell(news, position):
                yield event
            position = _after(news, position)
            if position.is_behind(news.conversation):
                continue
            if news.conversation.state == "closed":
                return
            for typing in await _wait(subscription, position):
                yield _typing_event(typing)


def _read(connection: Connection, conversation_id: str, *, after: int) -> News:
    conversation = find_conversation(connection, conversation_id)
    return News(
        conversation, read_messages(connection, conversation_id, after=after, limit=PAGE_SIZE)
    )


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


async def _wait(subscription: Subscription, position: Position) -> list[Typing]:
    subscription.seen = (position.seq, position.revision)
    return await subscription.wait()


def _typing_event(typing: Typing) -> ServerSentEvent:
    data = json.dumps({"sender": typing.sender, "typing": typing.active})
    return _event("typing", data, None)


def _event(name: str, data: str, position: Position | None) -> ServerSentEvent:
    return ServerSentEvent(
        data=data, event=name, id=str(position) if position is not None else None, sep="\n"
    )
