"""The brain's tables: tracker events, dialogue states and finished turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.brain.contract import ConversationMoved, FinishedTurn, TurnLogUnavailable
from bot.db.engine import reading, writing
from bot.db.schema import dialogue_states, tracker_events, turns

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class StoredState:
    """A conversation's dialogue state as JSON, and the number of its newest event."""

    last_seq: int
    state: str


# Whatever else a database complains of it would complain of again: a fault and not an outage.
_AWAY = (OperationalError, InterfaceError, PoolTimeout)

_TURN = select(turns.c.replies, turns.c.understood, turns.c.model_id).where(
    turns.c.message_id == bindparam("message_id")
)
_STATE = select(dialogue_states.c.last_seq, dialogue_states.c.state).where(
    dialogue_states.c.conversation_id == bindparam("conversation_id")
)
_EVENTS = (
    select(tracker_events.c.event)
    .where(tracker_events.c.conversation_id == bindparam("conversation_id"))
    .order_by(tracker_events.c.seq)
)
_MOVE = (
    update(dialogue_states)
    .where(
        dialogue_states.c.conversation_id == bindparam("conversation"),
        dialogue_states.c.last_seq == bindparam("expected"),
    )
    .values(last_seq=bindparam("last_seq"), state=bindparam("state"))
)


class TurnLog:
    """Reads and writes the brain's tables; every method is one short transaction."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def find_turn(self, message_id: str) -> FinishedTurn | None:
        """Return what a message was answered with, or None if it has not been."""
        with self._reading() as connection:
            return _find_turn(connection, message_id)

    def find_state(self, conversation_id: str) -> StoredState | None:
        """Return a conversation's dialogue state, or None for a new one."""
        with self._reading() as connection:
            return _find_state(connection, conversation_id)

    def begin(
        self, message_id: str, conversation_id: str
    ) -> tuple[FinishedTurn | None, StoredState | None]:
        """Return both at once: what every turn begins with."""
        with self._reading() as connection:
            return _find_turn(connection, message_id), _find_state(connection, conversation_id)

    def list_events(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return all tracker events of a conversation, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(_EVENTS, {"conversation_id": conversation_id})
            return [json.loads(row.event) for row in rows]

    def list_conversations(self) -> list[str]:
        """Return the ids of all conversations that the brain has seen."""
        with self._reading() as connection:
            return list(connection.scalars(select(dialogue_states.c.conversation_id)))

    def append(
        self,
        conversation_id: str,
        *,
        after_seq: int | None,
        events: Sequence[str],
        state: str,
        turn: FinishedTurn | None,
    ) -> int:
        """Append events and what they led to: all of it or nothing.

        Args:
            conversation_id: Whose events.
            after_seq: The newest event's number when the conversation was read; None if it was new.
            events: Each as JSON text.
            state: The dialogue state after them, as JSON text.
            turn: The finished turn; None when Rasa's own server writes.

        Returns:
            The number of the newest event.

        Raises:
            ConversationMoved: Somebody else appended in between.
            TurnLogUnavailable: The database is away.
        """
        first = (after_seq or 0) + 1
        last_seq = first + len(events) - 1
        message_id = turn.message_id if turn else None
        rows = [
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "message_id": message_id,
                "event": event,
            }
            for seq, event in enumerate(events, start=first)
        ]
        try:
            with writing(self._engine) as connection:
                _move_state(connection, conversation_id, after_seq, last_seq, state)
                if rows:
                    connection.execute(insert(tracker_events), rows)
                if turn is not None:
                    connection.execute(insert(turns), self._turn_row(conversation_id, turn))
        except IntegrityError as error:
            raise ConversationMoved(conversation_id) from error
        except _AWAY as error:
            raise TurnLogUnavailable from error
        return last_seq

    def _turn_row(self, conversation_id: str, turn: FinishedTurn) -> dict[str, Any]:
        return {
            "message_id": turn.message_id,
            "conversation_id": conversation_id,
            "replies": turn.replies,
            "understood": turn.understood,
            "model_id": turn.model_id,
            "created_at": self._clock(),
        }

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with reading(self._engine) as connection:
                yield connection
        except _AWAY as error:
            raise TurnLogUnavailable from error


def _find_turn(connection: Connection, message_id: str) -> FinishedTurn | None:
    row = connection.execute(_TURN, {"message_id": message_id}).one_or_none()
    if row is None:
        return None
    return FinishedTurn(message_id, row.replies, row.understood, row.model_id)


def _find_state(connection: Connection, conversation_id: str) -> StoredState | None:
    row = connection.execute(_STATE, {"conversation_id": conversation_id}).one_or_none()
    return None if row is None else StoredState(row.last_seq, row.state)


def _move_state(
    connection: Connection, conversation_id: str, after_seq: int | None, last_seq: int, state: str
) -> None:
    """Write the new state if nobody has moved the conversation on since it was read."""
    if after_seq is None:
        new = {"conversation_id": conversation_id, "last_seq": last_seq, "state": state}
        connection.execute(insert(dialogue_states), new)
        return
    values = {
        "conversation": conversation_id,
        "expected": after_seq,
        "last_seq": last_seq,
        "state": state,
    }
    if connection.execute(_MOVE, values).rowcount != 1:
        raise ConversationMoved(conversation_id)
