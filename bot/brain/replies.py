"""Collects what Rasa says in a turn as the replies of our HTTP contract."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

Reply = dict[str, Any]
"""`{"text": str, "choices": [{"title", "payload"}], "cards": […], "sources": […]}`."""


class ReplyCollector(OutputChannel):
    """Keeps each response whole: Rasa's own collector drops all but text and buttons."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        """Name of the channel in responses and events."""
        return "shop_chat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Add one reply; a response with nothing to show is left out."""
        custom = message.get("custom") or {}
        reply: Reply = {
            "text": (message.get("text") or "").strip(),
            "choices": [
                {"title": button["title"], "payload": button["payload"]}
                for button in message.get("buttons") or []
            ],
            "cards": list(custom.get("cards") or []),
            "sources": list(custom.get("sources") or []),
        }
        if any(reply.values()):
            self.replies.append(reply)
