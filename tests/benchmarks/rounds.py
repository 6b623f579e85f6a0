"""The same messages to every bot, in turns.

The bots are measured in short rounds, one after the other and over again, so that whatever else the
machine does meanwhile slows all of them alike: the ratios hold where the milliseconds may not.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.nlu.encoder import SentenceEncoder
from tests.benchmarks.messages import LONG_CONVERSATION, MESSAGES, BenchMessage, Kind, is_right
from tests.benchmarks.timing import Summary, summarise

WARM_UP_ROUNDS = 5

Tell = Callable[[str], None]


class Shopper(Protocol):
    """Somebody who talks to one of the bots."""

    def begin_conversation(self) -> None:
        """Begin anew; not timed."""

    def say(self, message: BenchMessage) -> tuple[float, list[dict[str, Any]]]:
        """Return the seconds until the replies were there, and the replies."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True)
class Rounds:
    """What the rounds have shown."""

    encoder: Summary
    turns: Mapping[str, Mapping[Kind, Summary]]


def measure_rounds(
    encoder: SentenceEncoder, shoppers: Mapping[str, Shopper], *, rounds: int, tell: Tell
) -> Rounds:
    """Give every message to every shopper once a round; each conversation's first turn is free."""
    passes: list[float] = []
    durations: dict[tuple[str, Kind], list[float]] = defaultdict(list)
    wrong: dict[tuple[str, Kind], int] = defaultdict(int)
    for number in range(-WARM_UP_ROUNDS, rounds):
        tell(f"round {max(number + 1, 0)} of {rounds}")
        measured = _measure_encoder(encoder)
        if number >= 0:
            passes += measured
        for name, shopper in shoppers.items():
            for kind, messages in MESSAGES.items():
                shopper.begin_conversation()
                shopper.say(messages[-1])
                for message in messages:
                    seconds, replies = shopper.say(message)
                    if number >= 0:
                        durations[name, kind].append(seconds)
                        wrong[name, kind] += not is_right(message, replies)
    turns: dict[str, dict[Kind, Summary]] = {name: {} for name in shoppers}
    for (name, kind), seconds_each in durations.items():
        turns[name][kind] = summarise(seconds_each, wrong=wrong[name, kind])
    return Rounds(summarise(passes), turns)


def measure_long_conversation(
    shoppers: tuple[Shopper, Shopper], *, length: int, conversations: int, tell: Tell
) -> tuple[Summary, Summary]:
    """Time turns 3 to 7 of new conversations against `length` - 2 to `length` + 2 of long ones.

    Returns:
        The early turns and the late ones, which are the same messages.
    """
    new, long = shoppers
    early: list[float] = []
    late: list[float] = []
    for number in range(conversations):
        tell(f"long conversation {number + 1} of {conversations}")
        long.begin_conversation()
        for turn in range(1, length - 2):
            long.say(_of_turn(turn))
        new.begin_conversation()
        for turn in (1, 2):
            new.say(_of_turn(turn))
        for early_turn, late_turn in zip(range(3, 8), range(length - 2, length + 3), strict=True):
            early.append(new.say(_of_turn(early_turn))[0])
            late.append(long.say(_of_turn(late_turn))[0])
    return summarise(early), summarise(late)


def _measure_encoder(encoder: SentenceEncoder) -> list[float]:
    texts = [message.text for message in MESSAGES[Kind.ANSWER]]
    durations = []
    for text in texts:
        encoder.encode(text)
    for text in texts:
        begun = time.perf_counter()
        encoder.encode(text)
        durations.append(time.perf_counter() - begun)
    return durations


def _of_turn(number: int) -> BenchMessage:
    return LONG_CONVERSATION[number % len(LONG_CONVERSATION)]
