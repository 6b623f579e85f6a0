from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, ConversationPaused, SlotSet

from bot.brain.dialogue_state import DialogueState, build_tracker, state_of


def domain(*slots: str, forms: dict[str, Any] | None = None) -> Domain:
    mappings = {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in slots}
    return Domain.from_dict({"slots": mappings, "forms": forms or {}})


@pytest.mark.parametrize(
    "state",
    [
        DialogueState(),
        DialogueState({"flow": "cancel_order", "proven_orders": [{"number": "1"}]}),
        DialogueState({"flow": "größe 👍 \x00"}, paused=True),
        DialogueState(active_loop="a_form"),
    ],
)
def test_a_state_outlives_a_turn(state: DialogueState) -> None:
    stored = DialogueState.from_json(state.to_json())
    tracker = build_tracker(
        "conversation",
        stored,
        domain("flow", "proven_orders", forms={"a_form": {"required_slots": []}}),
    )
    assert state_of(tracker) == state


def test_a_rebuilt_tracker_listens() -> None:
    tracker = build_tracker("conversation", DialogueState({"flow": "x"}), domain("flow"))
    assert tracker.latest_action_name == "action_listen"
    assert tracker.get_slot("flow") == "x"


def test_a_slot_that_the_model_no_longer_has_is_dropped() -> None:
    state = DialogueState({"gone": 1, "kept": 2})
    tracker = build_tracker("conversation", state, domain("kept"))
    assert state_of(tracker).slots == {"kept": 2}


def test_a_form_that_the_model_no_longer_has_is_left() -> None:
    tracker = build_tracker("conversation", DialogueState(active_loop="gone"), domain("kept"))
    assert tracker.active_loop_name is None


def test_a_slot_back_at_its_first_value_is_not_kept() -> None:
    tracker = build_tracker("conversation", DialogueState({"flow": "x"}), domain("flow"))
    tracker.update(SlotSet("flow", None))
    assert state_of(tracker).slots == {}


def test_what_happens_in_a_turn_is_in_the_next_state() -> None:
    forms: dict[str, Any] = {"a_form": {"required_slots": []}}
    tracker = build_tracker("conversation", DialogueState(), domain("flow", forms=forms))
    for event in (SlotSet("flow", ["x"]), ActiveLoop("a_form"), ActionExecuted("action_listen")):
        tracker.update(event)
    tracker.update(ConversationPaused())
    assert state_of(tracker) == DialogueState({"flow": ["x"]}, "a_form", paused=True)
