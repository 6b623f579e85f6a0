"""Where conversations are held: in this process, or with a bot that runs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.conversations.format import Conversation, Step
from bot.conversations.shown import Offer, Reply
from bot.conversations.world import World


class Refused(Exception):
    """The gateway did not take the message; the text says why."""


class Tab(Protocol):
    """One session of a shopper; each call is one turn and gives what was answered."""

    async def says(self, text: str) -> Sequence[Reply]:
        """Send a text; raises `Refused`."""
        ...

    async def taps(self, offer: Offer) -> Sequence[Reply]:
        """Tap a choice; raises `Refused`."""
        ...

    async def sends_again(self) -> Sequence[Reply]:
        """Send the latest message once more under its own id."""
        ...


class Tabs(Protocol):
    """Opens the tabs of one conversation's shopper."""

    async def open(self) -> Tab: ...


class Stage(Protocol):
    """Holds one conversation after the other, each with the shop as its file says."""

    @property
    def world(self) -> World: ...

    def begin(self, conversation: Conversation) -> AbstractAsyncContextManager[Tabs]:
        """Put the shop back and let the shopper come."""
        ...

    def change(self, step: Step) -> None:
        """Do what only this kind of stage can, such as letting time pass."""
        ...
