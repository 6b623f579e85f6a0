"""Leases and turns in the database.

Two rules keep every message answered once. A runner works under a lease whose owner is never used
twice, and whatever it stores is guarded by that owner. A lease is given back only in the
transaction that sees nothing left to answer; so `lease_owner IS NULL` means just that.

A transaction that writes locks the conversation's row before any of its messages: with one order
for all, none waits for another that waits for it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import JsonValue
from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.db.schema import choices, conversations, messages
from bot.gateway.errors import LeaseLost
from bot.gateway.model import Body, Lease, Message, Sender, Turn

RECOVERY_BATCH = 50

# Written out and not bound: only then does the partial index of waiting messages serve.
_IS_PENDING = messages.c.turn_state == literal_column("'pending'")

# The statements of every turn are built once, which costs more than running them.
_ADVANCE = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("held_id"),
        conversations.c.lease_owner == bindparam("held_by"),
    )
    .values(
        last_seq=conversations.c.last_seq + bindparam("count"),
        lease_until=bindparam("until"),
    )
    .returning(conversations.c.last_seq)
)
_END = (
    update(messages)
    .where(
        messages.c.conversation_id == bindparam("in_id"),
        messages.c.seq == bindparam("at_seq"),
        _IS_PENDING,
    )
    .values(turn_state=bindparam("state"))
)
_FIND_PENDING = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("in_id"), _IS_PENDING)
    .order_by(messages.c.seq)
    .limit(1)
)
_GIVE_BACK = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("held_id"),
        conversations.c.lease_owner == bindparam("held_by"),
    )
    .values(lease_owner=None, lease_until=None)
)
_HOLD = (
    select(conversations.c.id)
    .where(
        conversations.c.id == bindparam("held_id"),
        conversations.c.lease_owner == bindparam("held_by"),
    )
    .with_for_update()
)
_INSERT_MESSAGES = insert(messages)
_INSERT_CHOICES = insert(choices)


@dataclass(frozen=True, slots=True)
class NewChoice:
    """A choice as it is stored: what it really means stays behind the id."""

    id: str
    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that is about to get its number."""

    id: str
    sender: Sender
    body: Body
    choices: Sequence[NewChoice] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ends."""

    state: Literal["done", "failed"]
    messages: Sequence[NewMessage]


@dataclass(frozen=True, slots=True)
class Stored:
    """The messages with their numbers, and the conversation's next turn if one waits."""

    messages: Sequence[Message]
    next_turn: Turn | None


def end_turn(
    connection: Connection,
    turn: Turn,
    lease: Lease,
    ending: Ending,
    *,
    now: datetime,
    lease_s: float,
) -> Stored:
    """Store the end of a turn, and go on to the next or give the lease back.

    Raises:
        LeaseLost: another runner has the conversation; nothing is stored.
    """
    last_seq = _advance(connection, lease, by=len(ending.messages), now=now, lease_s=lease_s)
    closed = connection.execute(
        _END, {"in_id": turn.conversation_id, "at_seq": turn.seq, "state": ending.state}
    )
    if closed.rowcount != 1:
        raise LeaseLost(turn.message_id)
    stored = _insert(connection, turn, ending.messages, first_seq=last_seq, now=now)
    next_turn = _find_pending(connection, turn.conversation_id)
    if next_turn is None:
        _give_back(connection, lease)
    return Stored(stored, next_turn)


def tell_delay(
    connection: Connection,
    turn: Turn,
    lease: Lease,
    notice: NewMessage,
    *,
    now: datetime,
    lease_s: float,
) -> Sequence[Message]:
    """Store the one message that says that the answer is late, unless the shopper was told.

    Raises:
        LeaseLost: another runner has the conversation; nothing is stored.
    """
    _hold(connection, lease)
    told = connection.execute(
        update(messages)
        .where(_is(turn), _IS_PENDING, messages.c.delay_told_at.is_(None))
        .values(delay_told_at=now)
    )
    if told.rowcount != 1:
        return []
    last_seq = _advance(connection, lease, by=1, now=now, lease_s=lease_s)
    return _insert(connection, turn, [notice], first_seq=last_seq, now=now)


def count_failure(connection: Connection, turn: Turn, lease: Lease) -> int:
    """Count a failed try of a turn, across restarts; return how many there were.

    Raises:
        LeaseLost: another runner has the conversation, and counts for itself.
    """
    _hold(connection, lease)
    failures = connection.execute(
        update(messages)
        .where(_is(turn))
        .values(turn_failures=messages.c.turn_failures + 1)
        .returning(messages.c.turn_failures)
    ).scalar_one()
    return int(failures)


def renew_leases(
    connection: Connection, owners: Collection[str], *, now: datetime, lease_s: float
) -> None:
    """Keep the leases of turns that take long."""
    connection.execute(
        update(conversations)
        .where(conversations.c.lease_owner.in_(owners))
        .values(lease_until=now + timedelta(seconds=lease_s))
    )


def expire_leases(connection: Connection, owners: Collection[str], *, now: datetime) -> None:
    """Let others take over at once; used by a gateway that stops."""
    connection.execute(
        update(conversations).where(conversations.c.lease_owner.in_(owners)).values(lease_until=now)
    )


def find_abandoned(connection: Connection, *, now: datetime) -> list[str]:
    """Return conversations in which messages wait and nobody works."""
    rows = connection.execute(
        select(conversations.c.id)
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .where(_IS_PENDING, _free(now))
        .distinct()
        .limit(RECOVERY_BATCH)
    )
    return [row.id for row in rows]


def take_over(
    connection: Connection, lease: Lease, *, now: datetime, lease_s: float
) -> Turn | None:
    """Take a free conversation and return its first waiting turn, if both are to be had."""
    taken = connection.execute(
        update(conversations)
        .where(conversations.c.id == lease.conversation_id, _free(now))
        .values(lease_owner=lease.owner, lease_until=now + timedelta(seconds=lease_s))
    )
    if taken.rowcount != 1:
        return None
    return next_turn(connection, lease)


def next_turn(connection: Connection, lease: Lease) -> Turn | None:
    """Return the oldest waiting turn of a conversation that is held; give it back if none is."""
    turn = _find_pending(connection, lease.conversation_id)
    if turn is None:
        _give_back(connection, lease)
    return turn


def _is(turn: Turn) -> Any:
    return (messages.c.conversation_id == turn.conversation_id) & (messages.c.seq == turn.seq)


def _free(now: datetime) -> Any:
    return or_(conversations.c.lease_owner.is_(None), conversations.c.lease_until <= now)


def _hold(connection: Connection, lease: Lease) -> None:
    """Lock the conversation while its lease is ours."""
    held = {"held_id": lease.conversation_id, "held_by": lease.owner}
    if connection.execute(_HOLD, held).first() is None:
        raise LeaseLost(lease.conversation_id)


def _advance(
    connection: Connection, lease: Lease, *, by: int, now: datetime, lease_s: float
) -> int:
    """Lock the conversation, take `by` numbers and return the first of them."""
    last_seq = connection.execute(
        _ADVANCE,
        {
            "held_id": lease.conversation_id,
            "held_by": lease.owner,
            "count": by,
            "until": now + timedelta(seconds=lease_s),
        },
    ).scalar_one_or_none()
    if last_seq is None:
        raise LeaseLost(lease.conversation_id)
    return int(last_seq) - by + 1


def _insert(
    connection: Connection,
    turn: Turn,
    new_messages: Sequence[NewMessage],
    *,
    first_seq: int,
    now: datetime,
) -> list[Message]:
    stored = [
        Message(**dict(new.body), seq=seq, id=new.id, sender=new.sender, at=now)
        for seq, new in enumerate(new_messages, first_seq)
    ]
    if not stored:
        return []
    connection.execute(
        _INSERT_MESSAGES,
        [
            {
                "conversation_id": turn.conversation_id,
                "seq": message.seq,
                "id": message.id,
                "sender": message.sender,
                "at": now,
                "body": new.body.model_dump(mode="json"),
                "reply_to": turn.message_id,
            }
            for message, new in zip(stored, new_messages, strict=True)
        ],
    )
    offered = [
        {
            "id": choice.id,
            "conversation_id": turn.conversation_id,
            "title": choice.title,
            "payload": choice.payload,
        }
        for new in new_messages
        for choice in new.choices
    ]
    if offered:
        connection.execute(_INSERT_CHOICES, offered)
    return stored


def _find_pending(connection: Connection, conversation_id: str) -> Turn | None:
    row = connection.execute(_FIND_PENDING, {"in_id": conversation_id}).first()
    return None if row is None else _read_turn(row)


def _read_turn(row: Row[Any]) -> Turn:
    choice: dict[str, str] | None = row.turn_input["choice"]
    shopper: dict[str, JsonValue] = row.turn_input["shopper"]
    return Turn(
        conversation_id=row.conversation_id,
        seq=row.seq,
        message_id=row.id,
        text=None if choice else row.body["text"],
        choice=choice,
        shopper=shopper,
    )


def _give_back(connection: Connection, lease: Lease) -> None:
    connection.execute(_GIVE_BACK, {"held_id": lease.conversation_id, "held_by": lease.owner})
