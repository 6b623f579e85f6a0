"""Tabs of one shopper, in which turns run side by side, and what was told set against the store."""

import asyncio
import copy
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from actions.orders.model import OrderStatus
from tests.actions.conversation import Conversation, Reply
from tests.actions.orders.small_shop import ANA
from tests.actions.orders.worlds import SqlWorld
from tests.actions.stepped_calls import Fate, SteppedCalls, settle

SAYS_CANCELLED: Final = frozenset(
    {
        "utter_cancelled",
        "utter_cancelled_changed_mind",
        "utter_cancelled_wrong_item",
        "utter_cancelled_found_cheaper",
        "utter_cancelled_too_slow",
        "utter_cancelled_earlier",
        "utter_cancelled_some_time",
    }
)
SAYS_NOT_CANCELLED: Final = frozenset(
    {
        "utter_order_kept",
        "utter_order_kept_offer_others",
        "utter_cancel_not_done",
        "utter_cancel_shipped",
        "utter_cancel_shipped_meanwhile",
        "utter_cancel_delivered",
        "utter_status_awaiting_payment",
        "utter_status_awaiting_shipping",
        "utter_status_shipped_untracked",
    }
)
_NUMBER: Final = re.compile("[0-9]{10}")

Statuses = Mapping[str, OrderStatus]


@dataclass
class Turn:
    """A message on its way: `began` is how often the store had changed when it was sent."""

    message: Mapping[str, Any]
    message_id: str
    slots_before: Mapping[str, Any]
    began: int
    task: "asyncio.Task[list[str]]"


@dataclass
class Tab:
    """One tab with its conversation, all that was said there, and the turn under way."""

    conversation: Conversation
    name: str
    seen: list[Reply] = field(default_factory=list)
    sent: int = 0
    turn: Turn | None = None


class Stage:
    """The tabs, the calls their turns wait for, and the store as it was at every moment."""

    def __init__(self, world: SqlWorld, calls: SteppedCalls, tabs: list[Tab]) -> None:
        self._world = world
        self.calls = calls
        self.tabs = tabs
        self.history: list[Statuses] = []
        self.shop_cancelled: Counter[str] = Counter()  # how often more than it was taken back
        self.confirming: set[tuple[str, str]] = set()  # order number and key of every yes
        self.note_store()

    @property
    def idle(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.turn is None]

    @property
    def busy(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.turn is not None]

    def note_store(self) -> None:
        """Note the statuses as they are now."""
        orders = self._world.store.list_orders(ANA)
        self.history.append({order.number: order.status for order in orders})

    async def send(self, tab: Tab, message: Mapping[str, Any]) -> None:
        """Send a message in an idle tab."""
        tab.sent += 1
        message_id = f"{tab.name}-{tab.sent}"
        self._note_yes(tab, message, message_id)
        await self._deliver(tab, message, message_id)

    async def crash(self, tab: Tab) -> None:
        """Let the turn die where it is, and deliver its message again."""
        turn = tab.turn
        assert turn is not None
        turn.task.cancel()
        await asyncio.gather(turn.task, return_exceptions=True)
        tab.conversation.slots = dict(turn.slots_before)
        await self._deliver(tab, turn.message, turn.message_id)

    async def make_call(self, number: int, fate: Fate) -> None:
        self.calls.take(number).make(fate)
        self.note_store()
        await self._go_on()

    async def _deliver(self, tab: Tab, message: Mapping[str, Any], message_id: str) -> None:
        sending = tab.conversation.sends(copy.deepcopy({**message}), message_id=message_id)
        tab.turn = Turn(
            message=message,
            message_id=message_id,
            slots_before=copy.deepcopy(tab.conversation.slots),
            began=len(self.history) - 1,
            task=asyncio.create_task(sending),
        )
        await self._go_on()

    async def _go_on(self) -> None:
        await settle()
        self.calls.pending = [call for call in self.calls.pending if not call.answer.cancelled()]
        for tab in self.busy:
            if tab.turn is not None and tab.turn.task.done():
                self._end(tab, tab.turn)

    def _end(self, tab: Tab, turn: Turn) -> None:
        turn.task.result()
        tab.turn = None
        tab.seen.extend(tab.conversation.replies)
        meanwhile = self.history[turn.began :]
        for reply in tab.conversation.replies:
            check_truth(reply, meanwhile)
            self._check_first_answer(turn, reply)

    def _check_first_answer(self, turn: Turn, reply: Reply) -> None:
        """Check that a yes that cancelled hears so, whatever crashed or got lost in between."""
        if not _is_yes(turn.message, turn.slots_before) or reply.response not in SAYS_CANCELLED:
            return
        key = turn.slots_before.get("retry_key") or f"{turn.message_id}:cancel"
        number = _number(reply)
        if key in {entry.idempotency_key for entry in self._world.audit(number)}:
            assert reply.response == "utter_cancelled", reply.text

    def _note_yes(self, tab: Tab, message: Mapping[str, Any], message_id: str) -> None:
        slots = tab.conversation.slots
        if _is_yes(message, slots):
            self.confirming.add((slots["order_number"], f"{message_id}:cancel"))


def typed(intent: str, **entities: str) -> Mapping[str, Any]:
    return Conversation.message(intent, list(entities.items()))


def tapped(title: str, payload: str) -> Mapping[str, Any]:
    intent, _, entities = payload[1:].partition("{")
    values = json.loads("{" + entities) if entities else {}
    message = Conversation.message(intent, list(values.items()), title)
    return {**message, "chosen": True}


def _is_yes(message: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    is_asked = slots.get("awaiting") == "cancel_confirmation"
    return is_asked and message["intent"] == {"name": "affirm"}


def check_truth(reply: Reply, meanwhile: list[Statuses]) -> None:
    """Check that what a reply says was so at some moment of its turn."""
    if reply.response in SAYS_CANCELLED:
        ever = {statuses[_number(reply)] for statuses in meanwhile}
        assert OrderStatus.CANCELLED in ever, reply.text
    if reply.response in SAYS_NOT_CANCELLED:
        ever = {statuses[_number(reply)] for statuses in meanwhile}
        assert ever != {OrderStatus.CANCELLED}, reply.text
    for number, status in _shown(reply):
        assert status in {statuses[number] for statuses in meanwhile}, f"a card shows {status}"


def _number(reply: Reply) -> str:
    found = _NUMBER.search(reply.text)
    assert found is not None
    return found.group()


def _shown(reply: Reply) -> Iterator[tuple[str, OrderStatus]]:
    """Give number and status of every order on a card."""
    for card in reply.cards:
        for order in card.get("orders", [card]):
            if "status" in order:
                yield order["number"], OrderStatus(order["status"])
