import json
import logging
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError

from bot.brain.in_process_actions import FAILED_RESPONSE, InProcessActions

FAILED = {"events": [], "responses": [{"response": FAILED_RESPONSE}]}


@pytest.fixture(scope="module")
def actions() -> InProcessActions:
    return InProcessActions("tests.brain.sample_actions", deadline_s=0.05)


def call(name: str) -> dict[str, Any]:
    return {
        "next_action": name,
        "tracker": {
            "sender_id": "conversation",
            "slots": {"proven": []},
            "latest_message": {"text": "hi", "metadata": {"customer_id": "C100"}},
            "events": [],
        },
    }


def test_the_actions_of_a_package_are_known(actions: InProcessActions) -> None:
    assert {"action_well", "action_fails"} <= actions.action_names


async def test_an_action_gives_its_events_and_responses(actions: InProcessActions) -> None:
    result = await actions.request(json=call("action_well"))
    assert [(one["name"], one["value"]) for one in result["events"]] == [("flow", "after")]
    assert [one["text"] for one in result["responses"]] == ["done"]


async def test_an_action_may_answer_at_once(actions: InProcessActions) -> None:
    result = await actions.request(json=call("action_at_once"))
    assert [one["response"] for one in result["responses"]] == ["utter_done"]


async def test_a_failed_action_says_so_and_not_why(
    actions: InProcessActions, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        result = await actions.request(json=call("action_fails"))
    assert result == FAILED
    assert "action_fails failed" in caplog.text


async def test_a_slow_action_is_given_up(actions: InProcessActions) -> None:
    assert await actions.request(json=call("action_sleeps")) == FAILED


async def test_an_unknown_action_says_that_it_failed(actions: InProcessActions) -> None:
    assert await actions.request(json=call("action_nobody_wrote")) == FAILED


async def test_a_refusal_reaches_rasa_as_one(actions: InProcessActions) -> None:
    with pytest.raises(ClientResponseError) as refused:
        await actions.request(json=call("action_refuses"))
    assert refused.value.status == 400
    assert json.loads(refused.value.text)["action_name"] == "action_refuses"


async def test_an_action_cannot_change_what_the_brain_knows(actions: InProcessActions) -> None:
    meddled = call("action_meddles")
    await actions.request(json=meddled)
    assert meddled == call("action_meddles")
