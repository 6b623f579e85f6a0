"""The actions that Rasa knows by name.

All of them run one turn. What is then done is decided by `actions/intents.py` and
`actions/dialogue.py`, since one message may ask several things; the rules and the names show which
label led where.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.exchange import Exchange
from actions.orders.store import OrderStoreUnavailable
from actions.responding import respond
from actions.store_outage import STORE_AWAY, offer_person
from actions.wiring import current_services

logger = logging.getLogger(__name__)


class ShopAction(Action, ABC):
    """Runs one turn: the open question may take the message, else its label says what to do."""

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
        exchange = Exchange.open(tracker, domain, current_services())
        before = exchange.turn.state
        try:
            after = await respond(exchange)
        except OrderStoreUnavailable:
            logger.warning("The order store is unavailable", exc_info=True)
            exchange.say(STORE_AWAY)
            after = before
        after = offer_person(exchange, after)
        exchange.send(dispatcher)
        known = before.to_slots()
        return [SlotSet(k, v) for k, v in after.to_slots().items() if v != known[k]]


class ActionOrderStatus(ShopAction):
    def name(self) -> str:
        return "action_order_status"


class ActionOrderDetails(ShopAction):
    def name(self) -> str:
        return "action_order_details"


class ActionCancelOrder(ShopAction):
    def name(self) -> str:
        return "action_cancel_order"


class ActionContactSeller(ShopAction):
    def name(self) -> str:
        return "action_contact_seller"


class ActionWrongItem(ShopAction):
    def name(self) -> str:
        return "action_wrong_item"


class ActionAnswerArticle(ShopAction):
    def name(self) -> str:
        return "action_answer_article"


class ActionSmallTalk(ShopAction):
    def name(self) -> str:
        return "action_small_talk"


class ActionHumanHandoff(ShopAction):
    def name(self) -> str:
        return "action_human_handoff"


class ActionAffirm(ShopAction):
    def name(self) -> str:
        return "action_affirm"


class ActionDeny(ShopAction):
    def name(self) -> str:
        return "action_deny"


class ActionStop(ShopAction):
    def name(self) -> str:
        return "action_stop"


class ActionInform(ShopAction):
    def name(self) -> str:
        return "action_inform"


class ActionDidNotUnderstand(ShopAction):
    def name(self) -> str:
        return "action_did_not_understand"
