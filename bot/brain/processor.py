"""Rasa's message processor, with the few steps changed that a public bot needs otherwise."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.in_process_actions import CheckedRemoteAction, InProcessActions
from bot.brain.lock_store import ConversationLockStore


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
        tracker_store.domain = self.domain
        self._actions_by_name: dict[str, Action] = {}

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
        harmless = UserMessage(
            typed.lstrip("/ \t\n") or "?",
            sender_id=message.sender_id,
            message_id=message.message_id,
            metadata=message.metadata,
        )
        data: dict[str, Any] = await super().parse_message(
            harmless, tracker, only_output_properties
        )
        shift = len(typed) - len(typed.lstrip("/ \t\n"))
        for entity in data["entities"]:
            entity["start"] += shift
            entity["end"] += shift
        return {**data, "text": typed}

    def _get_action(self, action_name: str) -> Action | None:
        known = self._actions_by_name.get(action_name)
        if known is None:
            known = super()._get_action(action_name)
            if type(known) is RemoteAction:
                known = CheckedRemoteAction(action_name, self.action_endpoint)
            # Actions keep no state between runs, and Rasa would build all its own at every call.
            if known is not None:
                self._actions_by_name[action_name] = known
        return known
