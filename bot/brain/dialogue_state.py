"""What a turn leaves behind for the next one.

Our dialogue is rules over slots, so the next turn needs the slots (and a running form or a pause,
if a shop adds one) and not the events before it. A tracker is rebuilt from that alone; the cost of
a turn therefore does not depend on how long the conversation is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True)
class DialogueState:
    """The part of a tracker that outlives a turn; all values are JSON."""

    slots: dict[str, Any] = field(default_factory=dict)
    active_loop: str | None = None
    paused: bool = False

    def to_json(self) -> str:
        """Return the state as JSON text."""
        return json.dumps(
            {"slots": self.slots, "active_loop": self.active_loop, "paused": self.paused},
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> DialogueState:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


def state_of(tracker: DialogueStateTracker) -> DialogueState:
    """Take what the next turn needs from a tracker; slots at their first value are left out."""
    slots = {
        name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value
    }
    return DialogueState(slots, tracker.active_loop_name, tracker.is_paused())


def build_tracker(
    conversation_id: str, state: DialogueState, domain: Domain
) -> DialogueStateTracker:
    """Rebuild a tracker that listens, with the state as its past.

    Slots that the domain no longer has are dropped: a model may be replaced between two turns.
    """
    known = {slot.name for slot in domain.slots}
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [SlotSet(name, value) for name, value in state.slots.items() if name in known]
    if state.active_loop in domain.form_names:
        events.append(ActiveLoop(state.active_loop))
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    if state.paused:
        events.append(ConversationPaused())
    tracker = DialogueStateTracker(conversation_id, domain.slots)
    for event in events:
        tracker.update(event, domain)
    return tracker
