"""One turn: a shopper's message in, the bot's replies out, once per message."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.choices import parse_payload
from bot.brain.contract import FinishedTurn, TurnRequest
from bot.brain.processor import TurnProcessor
from bot.brain.replies import ReplyCollector
from bot.brain.tracker_store import TurnTrackerStore, finish_turn, turn_state
from bot.brain.turn_log import StoredState, TurnLog
from bot.nlu.labels import CLARIFY, OUT_OF_SCOPE, PARTS, PUBLIC_ENTITIES


class TurnRunner:
    """Answers messages with one loaded model."""

    def __init__(
        self,
        processor: TurnProcessor,
        tracker_store: TurnTrackerStore,
        log: TurnLog,
        model_id: str,
    ) -> None:
        self._processor = processor
        self._tracker_store = tracker_store
        self._log = log
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """Id of the model that answers, as `bot models` lists it."""
        return self._model_id

    async def run(self, request: TurnRequest) -> FinishedTurn:
        """Answer a message; the same `message_id` again returns the recorded answer.

        Raises:
            UnknownPayload: The choice is not one of this model's dialogue.
            ConversationMoved: Another brain answered in this conversation meanwhile.
            TurnLogUnavailable: The database is away; nothing was done that a repeat would double.
        """
        async with self._processor.lock_store.lock(request.conversation_id):
            finished, state = await asyncio.to_thread(
                self._log.begin, request.message_id, request.conversation_id
            )
            return finished or await self._answer(request, state)

    async def _answer(self, request: TurnRequest, state: StoredState | None) -> FinishedTurn:
        channel = ReplyCollector()
        finished: list[FinishedTurn] = []

        def finish(tracker: DialogueStateTracker) -> FinishedTurn:
            finished.append(self._describe(request.message_id, channel, tracker))
            return finished[-1]

        token = finish_turn.set(finish)
        known = turn_state.set((state,))
        try:
            await self._processor.handle_message(self._to_user_message(request, channel))
        finally:
            finish_turn.reset(token)
            turn_state.reset(known)
            self._tracker_store.forget(request.conversation_id)
        return finished[-1]

    def _to_user_message(self, request: TurnRequest, channel: ReplyCollector) -> UserMessage:
        parsed = None
        text = request.text
        if request.choice is not None:
            text = request.choice.title
            parsed = parse_payload(request.choice.payload, text, self._processor.domain)
        return UserMessage(
            text,
            output_channel=channel,
            sender_id=request.conversation_id,
            parse_data=parsed,
            input_channel=channel.name(),
            message_id=request.message_id,
            metadata={
                **asdict(request.shopper),
                "conversation_id": request.conversation_id,
                "message_id": request.message_id,
            },
        )

    def _describe(
        self, message_id: str, channel: ReplyCollector, tracker: DialogueStateTracker
    ) -> FinishedTurn:
        latest = tracker.latest_message
        data = latest.parse_data if latest else {}
        return FinishedTurn(
            message_id=message_id,
            replies=channel.replies,
            understood=understood(data),
            model_id=self.model_id,
        )


def understood(data: dict[str, Any]) -> dict[str, Any]:
    """Reduce Rasa's parse data to what the product prints of a message.

    Returns:
        `{"intent", "confidence", "entities", "ranking", "clarify", "parts"}`. `intent` is a label
        of the product: an article's whole name, `out_of_scope` for a fallback. `clarify` lists the
        labels to ask about, `parts` the questions where there are several, each with its `text`,
        its `start` in the message and the same keys but `parts`.
    """
    parts = [
        {"text": part["text"], "start": part["start"], **_meaning(part)}
        for part in data.get(PARTS) or []
    ]
    return {**_meaning(data), "parts": parts}


def _meaning(data: dict[str, Any]) -> dict[str, Any]:
    intent = data.get("intent") or {}
    label = intent.get("name") or OUT_OF_SCOPE
    response = (data.get("response_selector") or {}).get(label, {}).get("response", {})
    label = response.get("intent_response_key") or label
    return {
        "intent": OUT_OF_SCOPE if label == "nlu_fallback" else label,
        "confidence": float(intent.get("confidence") or 0.0),
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in data.get("entities") or []
            if entity["entity"] in PUBLIC_ENTITIES
        ],
        "ranking": [
            {"intent": rank["name"], "confidence": float(rank["confidence"])}
            for rank in data.get("intent_ranking") or []
        ],
        "clarify": list(data.get(CLARIFY) or []),
    }
