"""A conversation with the bot as the gateway holds it, without HTTP between them."""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.brain.contract import AnswersTurns, Choice, FinishedTurn, ShopperContext, TurnRequest


class Talk:
    """Every `says` and `taps` is one turn, and returns all that the bot replied as one text."""

    def __init__(
        self,
        runner: AnswersTurns,
        customer_id: str | None,
        *,
        conversation_id: str | None = None,
        session_id: str | None = None,
        address_key: str = "address",
    ) -> None:
        self._runner = runner
        self.conversation_id = conversation_id or str(uuid.uuid4())
        self._shopper = ShopperContext(
            session_id=session_id or f"session of {self.conversation_id}",
            customer_id=customer_id,
            customer_name=None,
            address_key=address_key,
            time_zone="UTC",
            locale="en",
        )
        self._numbers = itertools.count(1)
        self.replies: Sequence[Mapping[str, Any]] = ()

    async def says(self, text: str, *, message_id: str | None = None) -> str:
        return await self._turn(self.request(text=text, message_id=message_id))

    async def taps(self, title: str) -> str:
        """Tap a choice of the last replies that begins with this title."""
        payload, whole = next(
            (choice["payload"], choice["title"])
            for choice in self._choices()
            if choice["title"].startswith(title)
        )
        return await self.chooses(payload, title=whole)

    async def chooses(self, payload: str, *, title: str = "chosen") -> str:
        return await self._turn(self.request(choice=Choice(title=title, payload=payload)))

    async def runs(self, request: TurnRequest) -> FinishedTurn:
        return await self._runner.run(request)

    def request(
        self,
        *,
        text: str | None = None,
        choice: Choice | None = None,
        message_id: str | None = None,
    ) -> TurnRequest:
        return TurnRequest(
            conversation_id=self.conversation_id,
            message_id=message_id or f"{self.conversation_id} {next(self._numbers)}",
            shopper=self._shopper,
            text=text,
            choice=choice,
        )

    @property
    def choices(self) -> list[str]:
        return [choice["title"] for choice in self._choices()]

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        return [card for reply in self.replies for card in reply["cards"]]

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        return [source for reply in self.replies for source in reply["sources"]]

    async def _turn(self, request: TurnRequest) -> str:
        turn = await self._runner.run(request)
        self.replies = turn.replies
        return "\n".join(reply["text"] for reply in turn.replies)

    def _choices(self) -> list[Mapping[str, str]]:
        return [choice for reply in self.replies for choice in reply["choices"]]
