from actions.intents import HANDLERS
from actions.labels import FLOW_INTENTS, Intent
from actions.state import FlowName
from tests.actions.conversation import ACTION_OF_INTENT


def test_each_label_has_a_handler() -> None:
    assert set(HANDLERS) == set(Intent)


def test_each_rule_leads_to_a_label_with_a_handler() -> None:
    assert set(ACTION_OF_INTENT) - {"nlu_fallback"} == set(HANDLERS)


def test_each_flow_is_started_by_the_label_of_its_name() -> None:
    assert {FlowName(intent) for intent in FLOW_INTENTS} == set(FlowName)
