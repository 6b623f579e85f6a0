"""What was predicted once need not be predicted again: rules see very little of a conversation.

A tracker that the tracker store rebuilt holds, before the message, nothing but slots. Where those
do not influence the conversation and the intent hands no entities to the policies, all that any
policy sees is the intent and the actions since. Rasa works that out anew at every step, which is a
tenth of a turn.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Final

from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

Key = tuple[str, ...]
Predict = Callable[[DialogueStateTracker], PolicyPrediction]

MAX_KEPT: Final = 1_000

# What may lie between the message and now without any policy seeing it.
_UNSEEN: Final = (SlotSet, BotUttered, EntitiesAdded, DefinePrevUserUtteredFeaturization)


class PredictionCache:
    """Gives predictions of one domain again, where nothing else could come out."""

    def __init__(self, domain: Domain) -> None:
        self._has_silent_slots = all(_is_silent(slot) for slot in domain.slots)
        self._with_entities = frozenset(
            intent
            for intent, properties in domain.intent_properties.items()
            if properties.get("used_entities")
        )
        self._kept: dict[Key, PolicyPrediction] = {}

    def predict(self, tracker: DialogueStateTracker, predict: Predict) -> PolicyPrediction:
        """Give the prediction for a tracker; `predict` makes it where none is kept."""
        key = self._key(tracker)
        if key is None:
            return predict(tracker)
        kept = self._kept.get(key)
        if kept is None:
            kept = predict(tracker)
            if kept.is_end_to_end_prediction or len(self._kept) >= MAX_KEPT:
                return kept
            self._kept[key] = kept
        return _as_new(kept)

    def _key(self, tracker: DialogueStateTracker) -> Key | None:
        """Name what the policies see: the intent and the actions since; None if it is more."""
        if not self._has_silent_slots or tracker.active_loop or tracker.followup_action:
            return None
        seen: list[str] = []
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                intent = event.intent_name or ""
                shows_more = bool(event.entities) and intent in self._with_entities
                return None if shows_more else (*seen, intent)
            if isinstance(event, ActionExecuted):
                if event.action_name in (None, ACTION_LISTEN_NAME):
                    return None
                seen.append(str(event.action_name))
            elif not isinstance(event, _UNSEEN):
                return None
        return None


def _is_silent(slot: Slot) -> bool:
    return slot.name in DEFAULT_SLOT_NAMES or not slot.has_features()


def _as_new(kept: PolicyPrediction) -> PolicyPrediction:
    """Give a prediction whose events happen now; those of the kept one stay its own."""
    again = copy.copy(kept)
    again.events = [_now(event) for event in kept.events]
    again.optional_events = [_now(event) for event in kept.optional_events]
    return again


def _now(event: Event) -> Event:
    again = copy.copy(event)
    again.timestamp = time.time()
    return again
