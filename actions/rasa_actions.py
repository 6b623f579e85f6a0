"""The actions that Rasa knows by name, and what each of them runs."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_article import answer_article
from actions.dialogue import ask_open_question, respond, start_flow
from actions.exchange import Exchange
from actions.human_handoff import answer_wish_for_person
from actions.orders.store import OrderStoreUnavailable
from actions.small_talk import answer_small_talk
from actions.state import FlowName, State
from actions.understanding import (
    answer_affirm,
    answer_deny,
    answer_inform,
    answer_not_understood,
    answer_stop,
)
from actions.wiring import current_services

logger = logging.getLogger(__name__)


class ShopAction(Action, ABC):
    """Runs one turn: the open question may take the message, else `handle` answers it."""

    @abstractmethod
    def name(self) -> str:
        """Give the name that the domain and the rules use."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Answer the latest message and return the slots that changed."""
        exchange = Exchange.open(tracker, dispatcher, current_services())
        before = exchange.turn.state
        try:
            after = await respond(exchange, self.handle)
        except OrderStoreUnavailable:
            logger.warning("The order store is unavailable", exc_info=True)
            exchange.say("utter_store_unavailable")
            after = before
        known = before.to_slots()
        return [SlotSet(k, v) for k, v in after.to_slots().items() if v != known[k]]

    @abstractmethod
    async def handle(self, exchange: Exchange, state: State) -> State:
        """Answer a message that no open question took; give the state after it."""


class ActionOrderStatus(ShopAction):
    def name(self) -> str:
        return "action_order_status"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, FlowName.ORDER_STATUS)


class ActionOrderDetails(ShopAction):
    def name(self) -> str:
        return "action_order_details"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, FlowName.ORDER_DETAILS)


class ActionCancelOrder(ShopAction):
    def name(self) -> str:
        return "action_cancel_order"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, FlowName.CANCEL_ORDER)


class ActionContactSeller(ShopAction):
    def name(self) -> str:
        return "action_contact_seller"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, FlowName.CONTACT_SELLER)


class ActionWrongItem(ShopAction):
    def name(self) -> str:
        return "action_wrong_item"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await start_flow(exchange, state, FlowName.WRONG_ITEM)


class ActionAnswerArticle(ShopAction):
    def name(self) -> str:
        return "action_answer_article"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_article(exchange, state)


class ActionSmallTalk(ShopAction):
    def name(self) -> str:
        return "action_small_talk"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_small_talk(exchange, state)


class ActionHumanHandoff(ShopAction):
    def name(self) -> str:
        return "action_human_handoff"

    async def handle(self, exchange: Exchange, state: State) -> State:
        answer_wish_for_person(exchange)
        return await ask_open_question(exchange, state)


class ActionAffirm(ShopAction):
    def name(self) -> str:
        return "action_affirm"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_affirm(exchange, state)


class ActionDeny(ShopAction):
    def name(self) -> str:
        return "action_deny"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_deny(exchange, state)


class ActionStop(ShopAction):
    def name(self) -> str:
        return "action_stop"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_stop(exchange, state)


class ActionInform(ShopAction):
    def name(self) -> str:
        return "action_inform"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_inform(exchange, state)


class ActionDidNotUnderstand(ShopAction):
    def name(self) -> str:
        return "action_did_not_understand"

    async def handle(self, exchange: Exchange, state: State) -> State:
        return await answer_not_understood(exchange, state)
