"""The real model, told by a test what it is unsure of and where a message has several questions."""

from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.processor import TurnProcessor


class TaughtProcessor(TurnProcessor):
    """Understands as the model does; `clarify` and `parts` of a text are as a test says.

    The parts are understood by the model, each as a message of its own.
    """

    def __init__(self, model_path: str, **details: Any) -> None:
        super().__init__(model_path, **details)
        self.unclear: dict[str, list[str]] = {}
        self.divided: dict[str, list[str]] = {}

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        data = await super().parse_message(message, tracker, only_output_properties)
        text = message.text or ""
        if labels := self.unclear.get(text):
            data = {**data, "intent": {"name": labels[0].split("/")[0]}, "clarify": labels}
        parts = [
            {**await self.parse_message(UserMessage(part)), "start": text.index(part)}
            for part in self.divided.get(text, ())
        ]
        return {**data, "parts": parts} if parts else data
