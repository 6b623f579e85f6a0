"""Actions that behave badly, each in its own way."""

import asyncio
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionWell(Action):
    def name(self) -> str:
        return "action_well"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="done")
        return [SlotSet("flow", "after")]


class ActionAtOnce(Action):
    def name(self) -> str:
        return "action_at_once"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_done")
        return []


class ActionFails(Action):
    def name(self) -> str:
        return "action_fails"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="half of the answer")
        raise KeyError("a secret of the shop")


class ActionSleeps(Action):
    def name(self) -> str:
        return "action_sleeps"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        await asyncio.sleep(3600)
        return []


class ActionRefuses(Action):
    def name(self) -> str:
        return "action_refuses"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        raise ActionExecutionRejection(self.name(), "not now")


class ActionMeddles(Action):
    def name(self) -> str:
        return "action_meddles"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        tracker.slots["proven"].append("an order of somebody else")
        tracker.latest_message["metadata"]["customer_id"] = "C101"
        return []
