from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import LinearIntentClassifier
from tests.nlu.conftest import Prepare

CONFIG = LinearIntentClassifier.get_default_config()
EXAMPLES = {
    "order_status": ["where is my order", "where is my parcel", "has my order been shipped"],
    "cancel_order": ["cancel my order", "please cancel it", "i want to cancel the order"],
    "faq/how_to_buy": ["how do i buy something", "how to purchase an item", "how to buy"],
}


@pytest.fixture
def training_data(prepare: Prepare) -> TrainingData:
    return TrainingData(
        [_example(prepare, text, label) for label in EXAMPLES for text in EXAMPLES[label]]
    )


@pytest.fixture
def classifier(
    training_data: TrainingData,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
) -> LinearIntentClassifier:
    trained = LinearIntentClassifier.create(CONFIG, storage, resource, context)
    trained.train(training_data)
    return trained


def _example(prepare: Prepare, text: str, label: str) -> Message:
    message = prepare(text)
    message.set("intent", label.split("/", maxsplit=1)[0])
    if "/" in label:
        message.set("intent_response_key", label)
        message.set("metadata", {"intent": {"step": "order_status"}})
    return message


def _understood(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = message.as_dict(only_output_properties=True)
    return data


def test_an_intent_is_chosen_with_a_ranking(
    classifier: LinearIntentClassifier, prepare: Prepare
) -> None:
    data = _understood(classifier.process([prepare("has my parcel been shipped")])[0])
    ranking = data["intent_ranking"]
    assert data["intent"]["name"] == "order_status"
    assert {entry["name"] for entry in ranking} == set(EXAMPLES)
    assert data["intent"]["confidence"] == ranking[0]["confidence"]


def test_an_article_says_which_response_and_step_it_means(
    classifier: LinearIntentClassifier, prepare: Prepare
) -> None:
    data = _understood(classifier.process([prepare("how do i purchase an item")])[0])
    response = data["response_selector"]["faq"]["response"]
    assert data["intent"]["name"] == "faq"
    assert response["intent_response_key"] == "faq/how_to_buy"
    assert (response["utter_action"], response["step"]) == ("utter_faq/how_to_buy", "order_status")


def test_what_is_too_unlikely_is_out_of_scope(
    training_data: TrainingData,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    strict = LinearIntentClassifier.create(CONFIG | {"threshold": 1.0}, storage, resource, context)
    strict.train(training_data)
    data = _understood(strict.process([prepare("how do i purchase an item")])[0])
    assert data["intent"]["name"] == "out_of_scope"
    assert data["intent_ranking"][0]["name"] == "faq/how_to_buy"
    assert "response_selector" not in data


def test_a_message_without_text_is_out_of_scope(classifier: LinearIntentClassifier) -> None:
    data = _understood(classifier.process([Message({"text": ""})])[0])
    assert data["intent"] == {"name": "out_of_scope", "confidence": 1.0}


def test_an_untrained_classifier_understands_nothing(
    storage: ModelStorage, resource: Resource, context: ExecutionContext, prepare: Prepare
) -> None:
    untrained = LinearIntentClassifier.create(CONFIG, storage, resource, context)
    data = _understood(untrained.process([prepare("where is my order")])[0])
    assert data["intent"]["name"] == "out_of_scope"


def test_a_stored_classifier_predicts_the_same(
    classifier: LinearIntentClassifier,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    loaded = LinearIntentClassifier.load(CONFIG, storage, resource, context)
    texts = ["where is it", "cancel", "how do i buy", "banana", "📦", "x" * 2000]
    for text in texts:
        before = _understood(classifier.process([prepare(text)])[0])
        after = _understood(loaded.process([prepare(text)])[0])
        assert _without_confidence(after) == _without_confidence(before)
        np.testing.assert_allclose(_confidences(after), _confidences(before), atol=1e-5)


def test_a_model_without_a_head_cannot_be_loaded(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ValueError, match="component"):
        LinearIntentClassifier.load(CONFIG, storage, resource, context)


def test_the_ranking_is_as_long_as_asked(
    classifier: LinearIntentClassifier,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    short = LinearIntentClassifier.load(CONFIG | {"ranking_length": 2}, storage, resource, context)
    message = short.process([prepare("where is my order")])[0]
    assert len(message.get("intent_ranking")) == 2


def _confidences(data: dict[str, Any]) -> list[float]:
    return [entry["confidence"] for entry in data["intent_ranking"]]


def _without_confidence(data: dict[str, Any]) -> tuple[Any, ...]:
    selected = data.get("response_selector", {}).get("faq", {}).get("response", {})
    names = [entry["name"] for entry in data["intent_ranking"]]
    return data["intent"]["name"], names, selected.get("intent_response_key"), selected.get("step")
