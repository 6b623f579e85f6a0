"""A conversation as a file to keep: plain text for people, JSON for programs.

Whatever was typed stays data. In the text, lines after a message's first are indented, so that no
message can pass for two; characters that steer a terminal or turn the reading direction show as a
replacement sign. In JSON they are written as escapes, which loses nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue

from bot.gateway.model import Card, Message, Sender, Session, Source, Value
from bot.gateway.time_zones import find_zone

MAX_CARD_LINES = 50
_INDENT = "    "
_REPLACEMENT = "\ufffd"
_LINE_BREAK = re.compile(r"\r\n?|[\n\u2028\u2029\x0b\x0c\x85]")
# Control characters, and what embeds, overrides or isolates a direction; marks of a direction and
# joiners are parts of ordinary words and of emoji.
_STEERING = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


class Transcript(Value):
    """A whole conversation, oldest message first."""

    conversation_id: str
    time_zone: str = Field(description="The zone of all its times, each with its offset from UTC.")
    messages: list[Message]


class Transcriber:
    """Writes the messages of one session's conversation, one after the other."""

    def __init__(self, session: Session) -> None:
        self._conversation_id = session.conversation_id
        self._shopper_name = session.customer_name
        self._zone = find_zone(session.time_zone)

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    def text(self, messages: Sequence[Message]) -> str:
        """Return the lines of some messages."""
        return "".join(self._lines(self._complete(message)) for message in messages)

    def json_head(self) -> str:
        """Return the beginning of a JSON document; its messages and `json_tail` follow."""
        empty = Transcript(
            conversation_id=self._conversation_id, time_zone=self._zone.key, messages=[]
        )
        return _escape(empty.model_dump_json().removesuffix("]}"))

    def json(self, messages: Sequence[Message], *, first: bool) -> str:
        """Return some messages as items of the document's list."""
        items = ",".join(self._complete(message).model_dump_json() for message in messages)
        return _escape(items if first or not items else f",{items}")

    def json_tail(self) -> str:
        return "]}"

    def _complete(self, message: Message) -> Message:
        name = message.name
        if message.sender is Sender.SHOPPER:
            name = name or self._shopper_name
        return message.model_copy(update={"name": name, "at": message.at.astimezone(self._zone)})

    def _lines(self, message: Message) -> str:
        said_by = f"{message.sender} ({_line(message.name)})" if message.name else message.sender
        first, *others = _LINE_BREAK.split(message.text)
        lines = [
            f"[{format_instant(message.at)}] {said_by}: {first}",
            *(_INDENT + o for o in others),
        ]
        for card in message.cards:
            lines += [_INDENT + line for line in _describe_card(card)]
        lines += [f"{_INDENT}[choice] {_line(choice.title)}" for choice in message.choices]
        lines += [f"{_INDENT}[source] {_describe_source(source)}" for source in message.sources]
        return "".join(_STEERING.sub(_REPLACEMENT, line) + "\n" for line in lines)


def format_instant(at: datetime) -> str:
    """Return an instant to the second with its offset: `2026-11-23 02:00:00+01:00`."""
    return at.isoformat(sep=" ", timespec="seconds")


def _describe_card(card: Card) -> Iterator[str]:
    """Say what a card shows: kind, number and status, then its items or orders."""
    values: Mapping[str, JsonValue] = card.model_extra or {}
    keys = ("number", "name", "order_number", "status_text")
    yield f"[{_line(card.type)}] {_join(values, keys)}".rstrip()
    for item in _entries(values, "items"):
        variant = _word(item.get("variant"))
        yield f"{_INDENT}{_word(item.get('quantity'))} × {_word(item.get('title'))}" + (
            f" ({variant})" if variant else ""
        )
    left_out = values.get("items_left_out")
    if isinstance(left_out, int) and left_out > 0:
        yield f"{_INDENT}+ {left_out}"
    for order in _entries(values, "orders"):
        yield f"{_INDENT}{_join(order, ('number', 'status_text', 'summary'))}"


def _describe_source(source: Source) -> str:
    parts = (source.title, f"<{source.url}>" if source.url else "", source.updated_at or "")
    return " ".join(_line(part) for part in parts if part)


def _entries(values: Mapping[str, JsonValue], key: str) -> Iterator[Mapping[str, JsonValue]]:
    found = values.get(key)
    if isinstance(found, list):
        yield from (entry for entry in found[:MAX_CARD_LINES] if isinstance(entry, dict))


def _join(values: Mapping[str, JsonValue], keys: Sequence[str]) -> str:
    return ", ".join(word for word in (_word(values.get(key)) for key in keys) if word)


def _word(value: JsonValue) -> str:
    """Return a text or number of a card as one line; anything else says nothing here."""
    return _line(str(value)) if isinstance(value, (str, int)) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _escape(json_text: str) -> str:
    # Within JSON such characters can only be parts of strings.
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)
