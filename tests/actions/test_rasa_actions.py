"""The domain, the rules and the code of the actions agree with each other."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor

from actions.labels import Intent
from actions.orders.model import CANCEL_REASONS
from actions.state import Awaiting, State
from tests.actions.conversation import ACTION_OF_INTENT, DOMAIN, ROOT, RULES

SOURCES: Final = sorted((ROOT / "actions").glob("*.py"))
GATEWAY_RESPONSES: Final = {"utter_bot_unavailable", "utter_bot_failed", "utter_action_failed"}
MARKUP_OUTSIDE_THE_SUBSET: Final = re.compile(r"<\w|^#|`|!\[|^>|\|", re.MULTILINE)


def constants(path: Path) -> Iterator[str]:
    """Give the string constants of a module outside docstrings, errors and log lines."""
    tree = ast.parse(path.read_text("utf-8"))
    for_maintainers = [node for node in ast.walk(tree) if _is_for_maintainers(node)]
    ignored = {id(child) for node in for_maintainers for child in ast.walk(node)}
    shown = (node for node in ast.walk(tree) if id(node) not in ignored)
    for node in shown:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _is_for_maintainers(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        function = ast.unparse(node.value.func)
        return function.startswith("logger.")
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or isinstance(node, ast.Raise)


def sent_responses() -> set[str]:
    texts = {text for path in SOURCES for text in constants(path)}
    return {text for text in texts if re.fullmatch(r"utter_\w+", text) and text != "utter_"}


def test_every_response_of_the_actions_is_in_the_domain_and_none_is_left_over() -> None:
    assert sent_responses() | GATEWAY_RESPONSES == set(DOMAIN["responses"])


def test_every_action_of_the_domain_exists_and_every_action_is_in_the_domain(
    executor: ActionExecutor,
) -> None:
    assert set(executor.actions) == set(DOMAIN["actions"])


def test_every_intent_has_exactly_one_rule() -> None:
    intents = {next(iter(intent)) for intent in DOMAIN["intents"]}
    assert set(ACTION_OF_INTENT) == intents | {"nlu_fallback"}
    assert len(RULES) == len(ACTION_OF_INTENT)


def test_the_intents_of_domain_and_code_are_the_same() -> None:
    assert {next(iter(intent)) for intent in DOMAIN["intents"]} == set(Intent)


def test_no_entity_influences_the_rules() -> None:
    settings = [next(iter(intent.values())) for intent in DOMAIN["intents"]]
    assert all(setting == {"use_entities": []} for setting in settings)


def test_the_slots_are_the_state_and_only_actions_set_them() -> None:
    assert set(DOMAIN["slots"]) == set(State().to_slots())
    for slot in DOMAIN["slots"].values():
        assert slot["mappings"] == [{"type": "custom"}]
        assert slot["type"] == "any" or slot["influence_conversation"] is False


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_each_response_has_one_variation_in_the_tone_of_the_house(name: str) -> None:
    (variation,) = DOMAIN["responses"][name]
    assert "!" not in variation["text"]
    assert variation["text"].lower().count("sorry") == 0
    assert not MARKUP_OUTSIDE_THE_SUBSET.search(variation["text"])


def payloads() -> Iterator[str]:
    for (variation,) in DOMAIN["responses"].values():
        yield from (button["payload"] for button in variation.get("buttons", ()))


def read_payload(payload: str) -> tuple[str, dict[str, str]]:
    intent, _, entities = payload[1:].partition("{{")
    return intent, json.loads("{" + entities.removesuffix("}}") + "}")


@pytest.mark.parametrize("payload", sorted(set(payloads())))
def test_each_choice_names_an_intent_and_entities_of_the_domain(payload: str) -> None:
    label, entities = read_payload(payload)
    intent, _, article_id = label.partition("/")
    assert intent in ACTION_OF_INTENT
    assert not article_id or (ROOT / "data" / "help_center" / f"{article_id}.md").is_file()
    assert set(entities) <= set(DOMAIN["entities"])


@pytest.mark.parametrize("payload", sorted(set(payloads())))
def test_each_answer_names_its_question_and_the_order_it_was_made_for(payload: str) -> None:
    intent, entities = read_payload(payload)
    if intent not in ("affirm", "deny", "stop", "inform"):
        return
    assert entities["question"] in (*Awaiting, "{question}")
    about_any_order = entities["question"] == Awaiting.OFFER and intent == "deny"
    assert about_any_order or entities["order_number"] == "{order_number}"


def test_each_cancel_reason_is_a_choice() -> None:
    text = " ".join(payloads())
    assert re.findall(r'"cancel_reason": "(\w+)"', text) == list(CANCEL_REASONS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_wording_for_shoppers_is_in_python(path: Path) -> None:
    sentences = [text for text in constants(path) if re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", text)]
    assert sentences == []


@pytest.mark.filterwarnings("ignore:the load_module:DeprecationWarning")  # Rasa's YAML checker
def test_rasa_loads_the_domain() -> None:
    domain = Domain.load(str(ROOT / "domain.yml"))
    assert domain.session_config.session_expiration_time == 0
    assert not [slot for slot in domain.slots if slot.influence_conversation]


def test_stories_follow_the_rules() -> None:
    stories: list[dict[str, Any]] = yaml.safe_load(
        (ROOT / "data" / "stories.yml").read_text("utf-8")
    )["stories"]
    for story in stories:
        steps = story["steps"]
        pairs = zip(steps[::2], steps[1::2], strict=True)
        assert all(ACTION_OF_INTENT[said["intent"]] == done["action"] for said, done in pairs)
