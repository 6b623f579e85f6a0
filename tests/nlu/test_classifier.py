import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError, WorkFailed
from bot.nlu.classifier import ShopIntentClassifier
from bot.nlu.labels import LIKENESS, RULE_FILE
from tests.nlu.conftest import Prepare

CONFIG = ShopIntentClassifier.get_default_config() | {"ask_about": ["faq", "order_status"]}
EXAMPLES = {
    "order_status": ["where is my order", "where is my parcel", "has my order been shipped"],
    "cancel_order": ["cancel my order", "please cancel it", "i want to cancel the order"],
    "faq/how_to_buy": ["how do i buy something", "how to purchase an item", "how to buy"],
    "out_of_scope": ["what is the weather like", "who won the match", "tell me a story"],
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
) -> ShopIntentClassifier:
    trained = ShopIntentClassifier.create(CONFIG, storage, resource, context)
    trained.train(training_data)
    return trained


def _example(prepare: Prepare, text: str, label: str) -> Message:
    message = prepare(text)
    message.set("intent", label.split("/", maxsplit=1)[0])
    if "/" in label:
        message.set("intent_response_key", label)
    return message


def _understood(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = message.as_dict(only_output_properties=True)
    return data


def test_an_intent_is_chosen_with_a_ranking(
    classifier: ShopIntentClassifier, prepare: Prepare
) -> None:
    [message] = classifier.process([prepare("has my parcel been shipped")])
    data = _understood(message)
    assert data["intent"]["name"] == "order_status"
    assert data["intent_ranking"][0]["name"] == "order_status"
    assert {entry["name"] for entry in data["intent_ranking"]} == set(EXAMPLES)
    assert sum(_confidences(data)) == pytest.approx(1, abs=1e-5)
    assert 0.5 < data["intent"]["confidence"] <= 1
    assert 0.5 < message.get(LIKENESS) <= 1


def test_an_article_says_which_response_it_means(
    classifier: ShopIntentClassifier, prepare: Prepare
) -> None:
    data = _understood(classifier.process([prepare("how do i purchase an item")])[0])
    response = data["response_selector"]["faq"]["response"]
    assert data["intent"]["name"] == "faq"
    assert response["intent_response_key"] == "faq/how_to_buy"
    assert response["utter_action"] == "utter_faq/how_to_buy"


def test_labels_about_equally_likely_are_asked_about(
    classifier: ShopIntentClassifier,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    text = "how do i buy something"
    [sure] = classifier.process([prepare(text)])
    hesitant = ShopIntentClassifier.load(CONFIG | {"tie": 0.0}, storage, resource, context)
    [unsure] = hesitant.process([prepare(text)])
    assert _understood(sure)["clarify"] == []
    assert _understood(unsure)["clarify"] == ["faq/how_to_buy", "order_status"]
    assert _understood(unsure)["intent"] == _understood(sure)["intent"]


def test_what_is_not_believed_is_out_of_scope(
    classifier: ShopIntentClassifier, prepare: Prepare
) -> None:
    data = _understood(classifier.process([prepare("what was the weather like in the match")])[0])
    assert data["intent"]["name"] == "out_of_scope"
    assert data["intent"]["confidence"] < 0.5
    assert len(data["intent_ranking"]) == len(EXAMPLES)
    assert (data.get("response_selector"), data["clarify"]) == ({}, [])


def test_a_message_without_text_is_out_of_scope(classifier: ShopIntentClassifier) -> None:
    data = _understood(classifier.process([Message({"text": ""})])[0])
    assert data["intent"] == {"name": "out_of_scope", "confidence": 0.0}
    assert data["intent_ranking"] == []


def test_an_untrained_classifier_understands_nothing(
    storage: ModelStorage, resource: Resource, context: ExecutionContext, prepare: Prepare
) -> None:
    untrained = ShopIntentClassifier.create(CONFIG, storage, resource, context)
    data = _understood(untrained.process([prepare("where is my order")])[0])
    assert data["intent"]["name"] == "out_of_scope"


def test_a_stored_classifier_predicts_the_same(
    classifier: ShopIntentClassifier,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    loaded = ShopIntentClassifier.load(CONFIG, storage, resource, context)
    texts = ["where is it", "cancel", "how do i buy", "banana", "📦", "x" * 2000, " ", "\u200d"]
    for text in texts:
        before = _understood(classifier.process([prepare(text)])[0])
        after = _understood(loaded.process([prepare(text)])[0])
        assert _without_confidence(after) == _without_confidence(before)
        np.testing.assert_allclose(_confidences(after), _confidences(before), atol=1e-5)


def test_the_model_says_where_its_lines_are(
    classifier: ShopIntentClassifier, storage: ModelStorage, resource: Resource
) -> None:
    with storage.read_from(resource) as directory:
        line = json.loads((Path(directory) / RULE_FILE).read_text("utf-8"))
    assert 0 <= line["ask_from"] <= line["threshold"] <= 1


def test_a_model_without_a_head_cannot_be_loaded(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ValueError, match="component"):
        ShopIntentClassifier.load(CONFIG, storage, resource, context)


def test_the_ranking_is_as_long_as_asked(
    classifier: ShopIntentClassifier,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
    prepare: Prepare,
) -> None:
    short = ShopIntentClassifier.load(CONFIG | {"ranking_length": 2}, storage, resource, context)
    message = short.process([prepare("where is my order")])[0]
    assert len(message.get("intent_ranking")) == 2


@pytest.mark.parametrize("n_examples", [0, 1, 3])
def test_fewer_than_two_labels_are_one_line_of_explanation(
    n_examples: int,
    training_data: TrainingData,
    storage: ModelStorage,
    resource: Resource,
    context: ExecutionContext,
) -> None:
    classifier = ShopIntentClassifier.create(CONFIG, storage, resource, context)
    with pytest.raises(WorkFailed, match="at least two labels"):
        classifier.train(TrainingData(training_data.training_examples[:n_examples]))


def test_a_setting_that_makes_no_sense_is_told_before_training(
    storage: ModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with pytest.raises(ConfigurationError, match=r"config.yml: answered is 94; write 0 to 1"):
        ShopIntentClassifier.create(CONFIG | {"answered": 94}, storage, resource, context)


def _confidences(data: dict[str, Any]) -> list[float]:
    return [entry["confidence"] for entry in data["intent_ranking"]]


def _without_confidence(data: dict[str, Any]) -> tuple[Any, ...]:
    selected = data.get("response_selector", {}).get("faq", {}).get("response", {})
    names = [entry["name"] for entry in data["intent_ranking"]]
    return data["intent"]["name"], names, data["clarify"], selected.get("intent_response_key")
