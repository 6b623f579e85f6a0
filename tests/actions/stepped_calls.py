"""Runs the store calls of several turns one by one, in an order that the test chooses.

The actions hand their calls to an executor. This one only notes them; the test then says which call
is made next, and what becomes of its answer.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from actions.orders.store import OrderStoreUnavailable

# A turn goes on in a few rounds of the event loop once it has an answer.
_ROUNDS: Final = 25


class Fate(Enum):
    """What becomes of a call on its way to the store and back."""

    ANSWERED = auto()
    NEVER_ARRIVES = auto()
    ANSWER_LOST = auto()


@dataclass(frozen=True)
class PendingCall:
    """A call that a turn waits for."""

    call: Callable[[], Any]
    answer: Future[Any]

    def make(self, fate: Fate) -> None:
        """Make the call, unless it never arrives, and give the turn what comes back."""
        if not self.answer.set_running_or_notify_cancel():
            return
        if fate is Fate.NEVER_ARRIVES:
            self.answer.set_exception(OrderStoreUnavailable("never arrived, for a test"))
            return
        try:
            result = self.call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the turn should get it
            self.answer.set_exception(_lost() if fate is Fate.ANSWER_LOST else error)
            return
        if fate is Fate.ANSWER_LOST:
            self.answer.set_exception(_lost())
        else:
            self.answer.set_result(result)


class SteppedCalls(Executor):
    """Keeps each call until it is taken."""

    def __init__(self) -> None:
        self.pending: list[PendingCall] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        self.pending.append(PendingCall(lambda: fn(*args, **kwargs), answer))
        return answer

    def take(self, number: int) -> PendingCall:
        return self.pending.pop(number)


async def settle() -> None:
    """Let every turn run until it waits for a call or has ended."""
    for _ in range(_ROUNDS):
        await asyncio.sleep(0)


def _lost() -> OrderStoreUnavailable:
    return OrderStoreUnavailable("the answer was lost, for a test")
