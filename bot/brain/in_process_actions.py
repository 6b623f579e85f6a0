"""Runs the custom actions inside the brain instead of behind Rasa's action server.

Rasa only ever calls `action_endpoint.request(json=…)`, so an `EndpointConfig` that answers by
itself takes the server's place. The actions keep the SDK's interface, so `rasa run actions` still
serves them for Rasa's own commands.
"""

from __future__ import annotations

import asyncio
import copy
import json
import logging
from types import MappingProxyType
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.events import EventType
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection, Tracker

logger = logging.getLogger(__name__)

ACTION_DEADLINE_S = 10.0
"""An action that takes longer is given up; the store's own time-outs are much shorter."""

FAILED_RESPONSE = "utter_action_failed"


class InProcessActions(EndpointConfig):
    """An action endpoint that runs the actions of one package in this process."""

    def __init__(self, package: str, *, deadline_s: float = ACTION_DEADLINE_S) -> None:
        super().__init__(url="inproc://actions", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._deadline_s = deadline_s

    @property
    def action_names(self) -> frozenset[str]:
        """Names of the actions that can be run."""
        return frozenset(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action named in the call and return its events and responses.

        An action that fails or takes too long says so to the shopper: in stock Rasa it would say
        nothing at all.
        """
        call = kwargs["json"]
        name = call["next_action"]
        try:
            return await asyncio.wait_for(self._run(name, call), self._deadline_s)
        except ActionExecutionRejection as rejection:
            # Rasa knows a rejection by this status alone.
            body = json.dumps({"error": rejection.message, "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", body) from rejection
        except Exception:
            # The edge of this process: whatever an action raises, the shopper gets an answer.
            logger.exception("action %s failed", name)
            return {"events": [], "responses": [{"response": FAILED_RESPONSE}]}

    async def _run(self, name: str, call: dict[str, Any]) -> dict[str, Any]:
        action = self._executor.actions[name]
        dispatcher = CollectingDispatcher()
        # The tracker's state is the processor's own; an action must not be able to change it.
        tracker = Tracker.from_dict(copy.deepcopy(call["tracker"]))
        outcome = action(dispatcher, tracker, call.get("domain", {}))
        events: list[EventType] = await outcome if asyncio.iscoroutine(outcome) else outcome
        result = self._executor.validate_events(events or [], name)
        return {"events": result, "responses": dispatcher.messages}


class InProcessAction(RemoteAction):
    """Rasa's own action call without its schema check, and with the domain's responses as they are.

    `RemoteAction` checks the whole events schema against the schema of schemas at every call, tens
    of milliseconds. Here the events come from the SDK in this process, and Rasa's own
    deserialisation refuses what is no event. It would also copy the whole domain, ten thousand
    articles if need be, for an action that wants to know what a label is called.
    """

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        call: dict[str, Any] = super()._action_call_format(tracker, domain)
        return {**call, "domain": {"responses": MappingProxyType(domain.responses)}}

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        return True
