"""A brain without a model: says what a test tells it to say."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.gateway.brain_client import Answer, BrainChoice, BrainHealth, BrainReply
from bot.gateway.model import Turn

Behaviour = Callable[[Turn], Answer]


def say(text: str, *buttons: tuple[str, str]) -> Answer:
    """An answer of one message, with buttons of (title, payload)."""
    choices = tuple(BrainChoice(title=title, payload=payload) for title, payload in buttons)
    return Answer(replies=(BrainReply(text=text, choices=choices),), model_id="fake")


def echo(turn: Turn) -> Answer:
    """Repeat the words, or the payload of the choice."""
    return say(f"echo {turn.choice['payload'] if turn.choice else turn.text}")


class FakeBrain:
    """Answers with `behave`; what it raises is raised. Like the real one, runs a message only once.

    While `open` is not set, turns that it `holds` hang.
    """

    def __init__(self, behave: Behaviour = echo) -> None:
        self.behave = behave
        self.asked: list[Turn] = []
        self.ran: list[str] = []
        self.ready = True
        self.open = asyncio.Event()
        self.open.set()
        self.holds: Callable[[Turn], bool] = lambda _turn: True
        self._recorded: dict[str, Answer] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None

    async def answer(self, turn: Turn) -> Answer:
        self.asked.append(turn)
        if self.holds(turn):
            await self.open.wait()
        if turn.message_id not in self._recorded:
            answer = self.behave(turn)
            self._recorded[turn.message_id] = answer
            self.ran.append(turn.message_id)
        return self._recorded[turn.message_id]

    async def health(self) -> BrainHealth:
        return BrainHealth(ready=self.ready, model_id="fake" if self.ready else None)


class Failing:
    """Raises errors in turn, then answers."""

    def __init__(self, *errors: Exception, then: Behaviour = echo) -> None:
        self._errors = list(errors)
        self._then = then

    def __call__(self, turn: Turn) -> Answer:
        if self._errors:
            raise self._errors.pop(0)
        return self._then(turn)
