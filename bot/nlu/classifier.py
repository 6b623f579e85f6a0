"""Rasa intent classifier: articles and intents in one decision, with a threshold for *no idea*."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_RESPONSE_KEY,
    METADATA,
    METADATA_INTENT,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.labels import OUT_OF_SCOPE
from bot.nlu.linear_head import LinearHead, Matrix, train_head


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Chooses among all labels at once: `order_status`, `faq/<article_id>`, `out_of_scope`, …

    An article's label sets the intent `faq` and fills `response_selector` as Rasa's own
    ResponseSelector does, so that both `utter_faq` and our action find the article. A message whose
    best label is less likely than `threshold` becomes `out_of_scope`: not answering is better than
    a wrong answer.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A dense featurizer must come first."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the training fingerprint."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`inverse_regularisation`: scikit-learn's C. `threshold`: a probability."""
        return {
            "inverse_regularisation": 10.0,
            "threshold": 0.5,
            "ranking_length": 5,
            "seed": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        head: LinearHead | None = None,
        steps: dict[str, str] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._head = head
        self._steps = steps or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Build an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load a trained classifier.

        Raises:
            ValueError: The model holds none: there is no silent untrained fallback.
        """
        with model_storage.read_from(resource) as directory:
            head = LinearHead.load(Path(directory))
            steps = np.load(Path(directory) / "steps.npz", allow_pickle=False)
            pairs = zip(steps["labels"], steps["steps"], strict=True)
            return cls(
                config,
                model_storage,
                resource,
                head,
                {str(label): str(step) for label, step in pairs},
            )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the head to the training messages and store it."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        vectors = np.vstack([_sentence_vector(example) for example in examples])
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        self._head = train_head(
            vectors,
            labels,
            inverse_regularisation=self._config["inverse_regularisation"],
            seed=self._config["seed"],
        )
        self._steps = _article_steps(examples)
        with self._model_storage.write_to(self._resource) as directory:
            self._head.save(Path(directory))
            np.savez(
                Path(directory) / "steps.npz",
                labels=np.array(list(self._steps), dtype=np.str_),
                steps=np.array(list(self._steps.values()), dtype=np.str_),
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and, for an article, the response to give."""
        for message in messages:
            ranking = self._rank(message)
            best = ranking[0]
            if best["confidence"] < self._config["threshold"]:
                best = {"name": OUT_OF_SCOPE, "confidence": best["confidence"]}
            message.set("intent_ranking", ranking, add_to_output=True)
            self._set_decision(message, str(best["name"]), float(best["confidence"]))
        return messages

    def _rank(self, message: Message) -> list[dict[str, Any]]:
        if self._head is None or not message.get(TEXT):
            return [{"name": OUT_OF_SCOPE, "confidence": 1.0}]
        probabilities = self._head.predict(_sentence_vector(message))[0]
        order = np.argsort(-probabilities)[: self._config["ranking_length"]]
        return [
            {"name": self._head.labels[index], "confidence": float(probabilities[index])}
            for index in order
        ]

    def _set_decision(self, message: Message, label: str, confidence: float) -> None:
        intent = label.split("/", 1)[0]
        message.set(INTENT, {"name": intent, "confidence": confidence}, add_to_output=True)
        if "/" not in label:
            return
        response = {
            INTENT_RESPONSE_KEY: label,
            "confidence": confidence,
            "utter_action": f"utter_{label}",
            "step": self._steps.get(label),
        }
        message.set(
            RESPONSE_SELECTOR, {intent: {"response": response, "ranking": []}}, add_to_output=True
        )


def _sentence_vector(message: Message) -> Matrix:
    """The message's dense sentence features, `(1, n_dims)`."""
    _, sentence = message.get_dense_features(attribute=TEXT)
    vector: Matrix = sentence.features
    return vector


def _article_steps(examples: list[Message]) -> dict[str, str]:
    """Read which step the bot can do for an article, by label, from its examples' metadata."""
    steps = {}
    for example in examples:
        about_label = (example.get(METADATA) or {}).get(METADATA_INTENT) or {}
        if "step" in about_label:
            steps[str(example.get(INTENT_RESPONSE_KEY))] = str(about_label["step"])
    return dict(sorted(steps.items()))
