"""A conversation as text, for whoever has to see where it went wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from textwrap import indent, shorten
from typing import Final

from bot.conversations.format import FIRST_TAB, STEPS, Conversation, ShopperStep, Step
from bot.conversations.shown import Reply, card_facts

_MARGIN: Final = " " * 9
_SHOWN_CHARS: Final = 300


class Transcript:
    """Collects what was said and what happened."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add_step(self, step: Step) -> None:
        """Note what the shopper does, or what happens around the conversation."""
        values = step.model_dump(by_alias=True, exclude_unset=True)
        if isinstance(step, ShopperStep):
            tab = "" if step.tab == FIRST_TAB else f" [tab {step.tab}]"
            name = next(key for key in STEPS if key in values)
            said = shorten(str(values[name]), _SHOWN_CHARS, placeholder="…")
            self._lines.append(f"shopper{tab} {name.replace('_', ' ')}: {said}")
        else:
            self._lines.append(f"meanwhile: {json.dumps(values, default=str, ensure_ascii=False)}")

    def add_refusal(self, reason: str) -> None:
        """Note that the gateway did not take the message."""
        self._lines.append(f"    refused: {reason}")

    def add_replies(self, replies: Sequence[Reply]) -> None:
        """Note what the bot answered, with its cards, choices and sources."""
        for reply in replies:
            self._lines.append("    bot: " + indent(reply.text, _MARGIN).lstrip())
            self._lines += [
                f"{_MARGIN}card {_facts(card)}" for card in map(card_facts, reply.cards)
            ]
            self._lines += [f"{_MARGIN}[{choice.title}]" for choice in reply.choices]
            self._lines += [f"{_MARGIN}from {source}" for source in reply.sources]

    def failure(self, conversation: Conversation, number: int, differences: Sequence[str]) -> str:
        """Give the whole text, ending with what was expected and what came."""
        head = f"{conversation.name} ({conversation.shopper}), step {number}:"
        return "\n".join([head, *self._lines, *(f"==> {one}" for one in differences)])

    def __str__(self) -> str:
        return "\n".join(self._lines)


def _facts(card: dict[str, object]) -> str:
    shown = {name: value for name, value in card.items() if value is not None}
    return json.dumps(shown, ensure_ascii=False)
