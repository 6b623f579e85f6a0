"""Holds a conversation step by step, and stops at the first answer that is not as expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.conversations.checking import FillIn, find_differences
from bot.conversations.format import (
    Conversation,
    Says,
    SellerShips,
    SellerWrites,
    SendsAgain,
    ShopCancels,
    ShopDelivers,
    ShopperStep,
    Step,
    StoreHolds,
    Taps,
    TapsAbove,
)
from bot.conversations.placeholders import fill_in, repeat
from bot.conversations.shown import Offer, Reply, presentation
from bot.conversations.stage import Refused, Stage, Tab, Tabs
from bot.conversations.transcript import Transcript
from bot.conversations.world import StepImpossible, World


class ConversationFailed(Exception):
    """A step went otherwise than expected; the text is the transcript up to there, and why."""


async def hold(conversation: Conversation, stage: Stage) -> int:
    """Hold a conversation.

    Returns:
        How many turns the bot answered.

    Raises:
        ConversationFailed: The first step that went otherwise.
    """
    async with stage.begin(conversation) as tabs:
        run = _Run(conversation, stage, tabs)
        for number, step in enumerate(conversation.steps, start=1):
            differences = await run.do(step)
            if differences:
                raise ConversationFailed(run.transcript.failure(conversation, number, differences))
    return run.turns


@dataclass
class _OpenTab:
    """A tab with what was answered in it, the latest last, and the handles that were tapped."""

    tab: Tab
    answers: list[Sequence[Reply]] = field(default_factory=list)
    tapped: set[str] = field(default_factory=set)

    def find(self, title: str, *, above: bool) -> Offer | None:
        """Find a choice of the latest answer, or the newest one of those above it."""
        answers = self.answers[-2::-1] if above else self.answers[-1:]
        offers = (one for answer in answers for reply in answer for one in reply.choices)
        fitting = (one for one in offers if one.title.startswith(title))
        return next((one for one in fitting if one.handle not in self.tapped or not above), None)


class _Run:
    def __init__(self, conversation: Conversation, stage: Stage, tabs: Tabs) -> None:
        self._stage = stage
        self._tabs = tabs
        self._open: dict[str, _OpenTab] = {}
        self._show = presentation(
            conversation.customer_id, conversation.locale, conversation.time_zone
        )
        self.transcript = Transcript()
        self.turns = 0

    async def do(self, step: Step) -> list[str]:
        """Do one step and give what went otherwise than it says."""
        if isinstance(step, ShopperStep):
            return await self._let_shopper_act(step)
        self.transcript.add_step(step)
        if isinstance(step, StoreHolds):
            return self._stage.world.differences(step)
        try:
            if not _change_world(step, self._stage.world):
                self._stage.change(step)
        except StepImpossible as error:
            return [f"this step cannot be done: {error}"]
        return []

    async def _let_shopper_act(self, step: ShopperStep) -> list[str]:
        self.transcript.add_step(step)
        at = await self._find_tab(step.tab)
        offer = _wanted_offer(step, at)
        if isinstance(step, Taps | TapsAbove) and offer is None:
            return ["there is no such choice to tap"]
        self.turns += 1
        try:
            replies = await _act(step, at.tab, offer)
        except Refused as error:
            self.transcript.add_refusal(str(error))
            return [] if step.refused else [f"the gateway refused the message: {error}"]
        self.transcript.add_replies(replies)
        if offer:
            at.tapped.add(offer.handle)
        at.answers.append(replies)
        if step.refused:
            return ["expected the gateway to refuse the message, which it took"]
        loaded_at = self._stage.world.loaded_at
        return list(find_differences(step, replies, fill_in=self._fill_in(), loaded_at=loaded_at))

    async def _find_tab(self, name: str) -> _OpenTab:
        if name not in self._open:
            self._open[name] = _OpenTab(await self._tabs.open())
        return self._open[name]

    def _fill_in(self) -> FillIn:
        loaded_at = self._stage.world.loaded_at
        return lambda text: fill_in(text, loaded_at=loaded_at, show=self._show)


def _wanted_offer(step: ShopperStep, at: _OpenTab) -> Offer | None:
    if isinstance(step, Taps):
        return at.find(step.taps, above=False)
    return at.find(step.taps_above, above=True) if isinstance(step, TapsAbove) else None


async def _act(step: ShopperStep, tab: Tab, offer: Offer | None) -> Sequence[Reply]:
    if isinstance(step, Says):
        return await tab.says(repeat(step.says))
    if isinstance(step, SendsAgain) or offer is None:
        return await tab.sends_again()
    return await tab.taps(offer)


def _change_world(step: Step, world: World) -> bool:
    """Do what happens in the shop; tells whether the step was such."""
    match step:
        case SellerShips():
            world.seller_ships(step)
        case SellerWrites():
            world.seller_writes(step)
        case ShopCancels():
            world.shop_cancels(step.shop_cancels)
        case ShopDelivers():
            world.shop_delivers(step.shop_delivers)
        case _:
            return False
    return True
