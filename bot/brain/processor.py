"""Rasa's message processor, with the few steps changed that a public bot needs otherwise."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.graph_runner import DirectGraphRunner
from bot.brain.in_process_actions import InProcessAction, InProcessActions
from bot.brain.lock_store import ConversationLockStore
from bot.brain.predictions import PredictionCache
from bot.nlu.labels import PARTS

_DOMAIN = "domain_provider"  # the node's name in Rasa's default recipe
# Control characters say nothing, and half a surrogate pair cannot be written as UTF-8.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Rasa strips white space of every kind before it looks for a slash.
_POWER = re.compile(r"\A[/\s]+")


class TurnProcessor(MessageProcessor):
    """Runs turns on one loaded model.

    `rasa.core.agent.Agent` would wrap the tracker store so that an outage looks like a new
    conversation, and would poll for its lock; so the processor is used directly.
    """

    def __init__(
        self,
        model_path: str,
        *,
        tracker_store: TrackerStore,
        lock_store: ConversationLockStore,
        actions: InProcessActions | None,
    ) -> None:
        wording = TemplatedNaturalLanguageGenerator({})
        super().__init__(
            model_path=model_path,
            tracker_store=tracker_store,
            lock_store=lock_store,
            generator=wording,
            action_endpoint=actions,
        )
        wording.responses = self.domain.responses
        self._predictions = PredictionCache(self.domain)
        tracker_store.domain = self.domain

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, DirectGraphRunner
            )
        # The metadata hold the domain a second time, with every answer in it.
        (domain,) = runner.run(targets=[_DOMAIN]).values()
        metadata = replace(metadata, domain=domain)
        return Path(model_path).name, metadata, runner

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Understand a typed text; a leading `/` has no power in it.

        Rasa reads `/cancel_order{"order_number": …}` as an intent with entities, whoever typed it.
        """
        typed = message.text or ""
        harmless_text = _POWER.sub("", _UNREADABLE.sub(" ", typed))
        harmless = UserMessage(
            harmless_text.strip() or "?",
            sender_id=message.sender_id,
            message_id=message.message_id,
            metadata=message.metadata,
        )
        data: dict[str, Any] = await super().parse_message(
            harmless, tracker, only_output_properties
        )
        shift = len(typed) - len(harmless_text)
        for entity in data["entities"]:
            entity["start"] += shift
            entity["end"] += shift
        for part in data.get(PARTS) or []:
            part["start"] += shift
        return {**data, "text": typed}

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict the next action; custom ones are run in this process, without Rasa's checks."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is RemoteAction:
            action = InProcessAction(action.name(), self.action_endpoint)
        return action, prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        return self._predictions.predict(tracker, super()._predict_next_with_tracker)

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """As Rasa does, which copies all events for a debug line that nobody reads."""
        new_events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in new_events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(new_events, self.domain)
