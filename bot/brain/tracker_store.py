"""Rasa tracker store on the bot's own database: append-only, fails loudly, flat cost.

Rasa's own SQL store reads and replays all events at each turn, answers an outage with an empty
conversation, and needs SQLAlchemy 1.4 (`docs/architecture.md`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.contract import FinishedTurn
from bot.brain.dialogue_state import DialogueState, build_tracker, state_of
from bot.brain.turn_log import StoredState, TurnLog

FinishTurn = Callable[[DialogueStateTracker], FinishedTurn]

finish_turn: ContextVar[FinishTurn | None] = ContextVar("finish_turn", default=None)
"""Set by the brain while a turn runs: makes the turn's record from the tracker when it is saved."""

turn_state: ContextVar[tuple[StoredState | None] | None] = ContextVar("turn_state", default=None)
"""Set by the brain while a turn begins: the state that it has read already, good once."""


class TurnTrackerStore(TrackerStore):
    """Keeps a conversation's events, and gives each turn only the state it needs.

    `save` writes the new events, the state and the finished turn in one transaction, so that a turn
    is either wholly in the database or not at all.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        *,
        log: TurnLog,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._log = log
        # What each conversation in work was read as: (number of its newest event, events built).
        self._read: dict[str, tuple[int | None, int]] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a tracker that holds the conversation's state, never None.

        Raises:
            TurnLogUnavailable: The database is away; the turn must not go on without its past.
        """
        stored = await self._take_state(sender_id)
        state = DialogueState.from_json(stored.state) if stored else DialogueState()
        tracker = build_tracker(sender_id, state, self.domain)
        # The first events of a new conversation are as good as any to begin its log with.
        built = len(tracker.events) if stored else 0
        self._read[sender_id] = (stored.last_seq if stored else None, built)
        return tracker

    async def _take_state(self, sender_id: str) -> StoredState | None:
        known = turn_state.get()
        if known is None:
            return await asyncio.to_thread(self._log.find_state, sender_id)
        turn_state.set(None)
        return known[0]

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what happened since `retrieve`.

        Raises:
            ConversationMoved: Another brain appended in between.
            TurnLogUnavailable: The database is away.
        """
        finish = finish_turn.get()
        after_seq, built = self._read.pop(tracker.sender_id, (None, 0))
        new_events = list(tracker.events)[built:]
        last_seq = await asyncio.to_thread(
            self._log.append,
            tracker.sender_id,
            after_seq=after_seq,
            events=[json.dumps(event.as_dict(), ensure_ascii=False) for event in new_events],
            state=state_of(tracker).to_json(),
            turn=finish(tracker) if finish else None,
        )
        self._read[tracker.sender_id] = (last_seq, len(tracker.events))

    def forget(self, sender_id: str) -> None:
        """Drop what was noted about a conversation whose turn is over."""
        self._read.pop(sender_id, None)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return a tracker with every event ever stored, or None if there are none."""
        events = await asyncio.to_thread(self._log.list_events, conversation_id)
        if not events:
            return None
        return DialogueStateTracker.from_dict(conversation_id, events, self.domain.slots)

    async def exists(self, conversation_id: str) -> bool:
        """Tell whether the conversation has a stored state."""
        return await asyncio.to_thread(self._log.find_state, conversation_id) is not None

    async def keys(self) -> Iterable[str]:
        """Return the ids of all stored conversations."""
        return await asyncio.to_thread(self._log.list_conversations)
