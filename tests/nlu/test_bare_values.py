import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.bare_values import BareValueClassifier, is_bare_value

NUMBER, EMAIL = "8100240002", "ana@example.com"


def message(text: str) -> Message:
    entities = [
        {
            "entity": name,
            "value": value,
            "start": text.index(value),
            "end": text.index(value) + len(value),
        }
        for name, value in (("order_number", NUMBER), ("email", EMAIL))
        if value in text
    ]
    return Message(
        {
            "text": text,
            "entities": entities,
            "intent": {"name": "order_status", "confidence": 0.6},
            "response_selector": {"faq": {}},
        }
    )


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"#{NUMBER}",
        f"my order number is {NUMBER}.",
        f"Order no. {NUMBER}",
        f"{EMAIL} and {NUMBER} 👍",
        f"it's {EMAIL}",
    ],
)
def test_a_value_with_filler_words_is_only_a_value(text: str) -> None:
    assert is_bare_value(text, message(text).get("entities"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my order number",
        f"cancel {NUMBER}",
        f"where is {NUMBER}",
        f"not {NUMBER}",
        "中山路 " + NUMBER,
    ],
)
def test_a_message_with_more_is_more_than_a_value(text: str) -> None:
    assert not is_bare_value(text, message(text).get("entities"))


@pytest.fixture
def classifier(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> BareValueClassifier:
    return BareValueClassifier.create({}, storage, resource, context)


def test_a_bare_value_informs_whatever_the_classifier_thought(
    classifier: BareValueClassifier,
) -> None:
    corrected = classifier.process([message(f"order {NUMBER}")])[0]
    assert corrected.get("intent") == {"name": "inform", "confidence": 1.0}
    assert corrected.get("response_selector") == {}


def test_other_messages_keep_their_intent(classifier: BareValueClassifier) -> None:
    kept = classifier.process([message(f"cancel {NUMBER}")])[0]
    assert kept.get("intent")["name"] == "order_status"
