"""What happens around a conversation, and what holds in the shop afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.conversations.format import SellerShips, SellerWrites, StoreHolds


class World(Protocol):
    """The shop that the conversations are about."""

    @property
    def loaded_at(self) -> datetime:
        """When the shop was loaded, which its hours count from."""
        ...

    def seller_ships(self, step: SellerShips) -> None:
        """Ship an order that awaits shipping; raises `StepImpossible` for any other."""
        ...

    def seller_writes(self, step: SellerWrites) -> None:
        """Let the seller of an order write a message to its shopper."""
        ...

    def shop_cancels(self, number: str) -> None:
        """Cancel an order as the shop's own system does."""
        ...

    def shop_delivers(self, number: str) -> None:
        """Deliver an order that is on its way; raises `StepImpossible` for any other."""
        ...

    def differences(self, step: StoreHolds) -> list[str]:
        """Give what the store holds otherwise than the step says."""
        ...


class StepImpossible(Exception):
    """A step asks for what cannot happen, such as shipping an order that was cancelled."""
