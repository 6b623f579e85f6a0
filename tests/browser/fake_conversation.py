"""A conversation of the fake gateway: plain data, and what a stream tells of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.browser.scripted_replies import Reply

POLL_S = 0.02


def iso_now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class Conversation:
    """Tests read and change it while the server thread serves."""

    id: str
    name: str | None
    messages: list[dict[str, Any]] = field(default_factory=list)
    used_choices: set[str] = field(default_factory=set)
    read: dict[str, int] = field(default_factory=lambda: {"shopper": 0, "shop": 0})
    rating: dict[str, Any] | None = None
    revision: int = 0
    # Told to the streams that are open, and to no later one.
    passing: list[str] = field(default_factory=list)
    _state: str = "bot"

    @property
    def state(self) -> str:
        return self._state

    @state.setter
    def state(self, state: str) -> None:
        self.revision += state != self._state
        self._state = state

    @property
    def last_seq(self) -> int:
        return len(self.messages)

    def say(self, sender: str, reply: Reply, **more: Any) -> dict[str, Any]:
        seq = self.last_seq + 1
        message = {
            "seq": seq,
            "id": f"{self.id}-{seq}",
            "client_id": None,
            "sender": sender,
            "name": None,
            "at": iso_now(),
            **reply.as_json(),
            "helpful": None,
            **more,
        }
        self.messages.append(message)
        return message

    def type_as(self, sender: str, typing: bool) -> None:
        self.tell(_event("typing", {"sender": sender, "typing": typing}))

    def tell(self, event: str) -> None:
        """Send something down the open streams as it is."""
        self.passing.append(event)

    def mark_read(self, side: str, seq: int) -> None:
        """Marks only go forward, and no further than what was said."""
        if self.read[side] < seq <= self.last_seq:
            self.read[side] = seq
            self.revision += 1

    def find(self, key: str, value: str) -> dict[str, Any] | None:
        return next((message for message in self.messages if message[key] == value), None)

    def find_choice(self, choice_id: str) -> dict[str, str] | None:
        offered = (choice for message in self.messages for choice in message["choices"])
        return next((choice for choice in offered if choice["id"] == choice_id), None)

    def describe(self) -> dict[str, Any]:
        return {
            "conversation_id": self.id,
            "state": self.state,
            "last_seq": self.last_seq,
            "read": self.read,
            "rating": self.rating,
        }

    def transcript(self) -> str:
        lines = []
        for message in self.messages:
            at = datetime.fromisoformat(message["at"]).isoformat(sep=" ", timespec="seconds")
            lines.append(f"[{at}] {message['sender']}: {message['text']}\n")
        return "".join(lines)


@dataclass
class Position:
    """What a listener has; revision -1 is before any."""

    seq: int
    revision: int

    @classmethod
    def parse(cls, event_id: str, after: int) -> "Position":
        seq, _, revision = event_id.partition("-")
        return cls(int(seq), int(revision or -1)) if seq else cls(after, -1)

    def has_all(self, conversation: Conversation) -> bool:
        return self.seq >= conversation.last_seq and self.revision >= conversation.revision

    def __str__(self) -> str:
        return f"{self.seq}-{max(self.revision, 0)}"


async def stream(
    conversation: Conversation, position: Position, ends: Callable[[], bool]
) -> AsyncIterator[str]:
    """Tell all after `position`, until a closed conversation is told or the stream shall end."""
    passed = len(conversation.passing)
    while not ends():
        for message in conversation.messages[position.seq :]:
            position.seq = message["seq"]
            yield _event("message", message, position)
        if position.revision < conversation.revision:
            position.revision = conversation.revision
            yield _event("state", {"state": conversation.state})
            yield _event("read", conversation.read, position)
        if conversation.state == "closed" and position.has_all(conversation):
            return
        for event in conversation.passing[passed:]:
            passed += 1
            yield event
        await asyncio.sleep(POLL_S)


def _event(name: str, data: dict[str, Any], position: Position | None = None) -> str:
    event_id = f"id: {position}\n" if position else ""
    return f"{event_id}event: {name}\ndata: {json.dumps(data)}\n\n"
