"""The queue of what the shop's webhook is to be told, one statement or two for each step.

The brain notes an event, gateways claim what is due and settle or postpone it. Any number of them
may do so at once: a claim moves `due_at` ahead, and only one of two claims sees the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.db.schema import webhook_deliveries

_table = webhook_deliveries


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the same `id` is noted once. `payload` is JSON."""

    id: str
    type: str
    payload: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event to be sent, and how often that was tried before."""

    id: str
    payload: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An event that did not arrive; `due_at` is None if it is tried no more."""

    id: str
    type: str
    created_at: datetime
    due_at: datetime | None
    attempts: int
    last_problem: str | None


def note_event(connection: Connection, event: Event, *, now: datetime) -> None:
    """Queue an event, due at once; one that was noted before changes nothing."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {
        "id": event.id,
        "event_type": event.type,
        "payload": event.payload,
        "created_at": now,
        "due_at": now,
    }
    connection.execute(insert(_table).on_conflict_do_nothing(), row)


def claim_due(
    connection: Connection, *, now: datetime, lease: timedelta, limit: int
) -> Sequence[Delivery]:
    """Claim what is due, the longest due first; it is due again after the lease, if not settled."""
    due = connection.execute(
        select(*_table.c["id", "payload", "attempts", "due_at"])
        .where(_table.c.due_at <= now)
        .order_by(_table.c.due_at)
        .limit(limit)
    ).all()
    claimed = []
    for row in due:
        claim = (
            update(_table)
            .where(_table.c.id == row.id, _table.c.due_at == row.due_at)
            .values(due_at=now + lease, attempts=row.attempts + 1)
        )
        if connection.execute(claim).rowcount == 1:
            claimed.append(Delivery(row.id, row.payload, row.attempts))
    return claimed


def settle_delivered(connection: Connection, delivery_id: str, *, now: datetime) -> None:
    """Note that it arrived, and forget what it said."""
    connection.execute(
        update(_table)
        .where(_table.c.id == delivery_id)
        .values(payload="", due_at=None, settled_at=now, outcome="delivered", last_problem=None)
    )


def postpone(connection: Connection, delivery_id: str, *, due_at: datetime, problem: str) -> None:
    """Note why it did not arrive, and when it is tried again; nothing if it arrived meanwhile."""
    connection.execute(
        update(_table)
        .where(_table.c.id == delivery_id, _table.c.outcome.is_(None))
        .values(due_at=due_at, last_problem=problem)
    )


def give_up(connection: Connection, delivery_id: str, *, now: datetime, problem: str) -> None:
    """Note that it is tried no more; what it said is kept for `retry_all`."""
    connection.execute(
        update(_table)
        .where(_table.c.id == delivery_id, _table.c.outcome.is_(None))
        .values(due_at=None, settled_at=now, outcome="given_up", last_problem=problem)
    )


def list_unsettled(connection: Connection, *, limit: int) -> Sequence[Unsettled]:
    """List what did not arrive, the oldest first."""
    rows = connection.execute(
        select(
            *_table.c["id", "event_type", "created_at", "due_at", "attempts", "last_problem"],
        )
        .where(_table.c.outcome.is_distinct_from("delivered"))
        .order_by(_table.c.created_at)
        .limit(limit)
    )
    return [Unsettled(*row) for row in rows]


def retry_all(connection: Connection, *, now: datetime) -> int:
    """Make everything due that did not arrive, as if it were new; return how many there are."""
    again = (
        update(_table)
        .where(_table.c.outcome.is_distinct_from("delivered"))
        .values(due_at=now, attempts=0, settled_at=None, outcome=None)
    )
    return connection.execute(again).rowcount


def delete_settled(connection: Connection, *, settled_before: datetime, limit: int) -> int:
    """Delete one batch of what was settled long ago; return how many there were."""
    batch = select(_table.c.id).where(_table.c.settled_at < settled_before).limit(limit)
    return connection.execute(delete(_table).where(_table.c.id.in_(batch))).rowcount
