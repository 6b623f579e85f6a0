"""Rasa intent classifier: articles and intents in one decision, with a threshold for *no idea*."""

from __future__ import annotations

import json
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
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.decision import Decision, DecisionRule, check_settings
from bot.nlu.head_training import HeadSettings, train_head
from bot.nlu.intent_head import IntentHead, Matrix, Verdict
from bot.nlu.labels import CLARIFY, LIKENESS, OUT_OF_SCOPE, RULE_FILE
from bot.nlu.questions import with_segments
from bot.nlu.reader import readable


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShopIntentClassifier(IntentClassifier, GraphComponent):
    """Chooses among all labels at once: `order_status`, `faq/<article_id>`, `out_of_scope`, …

    An article's label sets the intent `faq` and fills `response_selector` as Rasa's own
    ResponseSelector does, so that both `utter_faq` and our action find the article. A message whose
    best label is not believed becomes `out_of_scope`: not answering is better than a wrong answer.
    In between, `clarify` lists the labels to ask about (`bot.nlu.decision`).
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
        """Numbers of `HeadSettings`, of `DecisionRule`, and how many labels a ranking lists."""
        return {
            "inverse_regularisation": 20.0,
            "answered": 0.955,
            "asked": 0.98,
            "tie": 0.7,
            "ask_about": [],
            "harmless": [],
            "ranking_length": 5,
            "seed": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        head: IntentHead | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._head = head
        self._rule = DecisionRule.of(head.rejection, config) if head else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopIntentClassifier:
        """Build an untrained classifier.

        Raises:
            ConfigurationError: A setting makes no sense.
        """
        check_settings(config)
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShopIntentClassifier:
        """Load a trained classifier.

        Raises:
            ValueError: The model holds none: there is no silent untrained fallback.
        """
        with model_storage.read_from(resource) as directory:
            head = IntentHead.load(Path(directory))
        return cls(config, model_storage, resource, head)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the head to the training messages and store it.

        Raises:
            WorkFailed: There are fewer than two labels.
        """
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        rows = [_sentence_vector(example) for example in examples]
        vectors = np.vstack(rows) if rows else np.zeros((0, 0), dtype=np.float32)
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        texts = [readable(example) for example in examples]
        settings = HeadSettings(
            inverse_regularisation=self._config["inverse_regularisation"],
            rejected_label=OUT_OF_SCOPE,
            seed=self._config["seed"],
        )
        self._head = train_head(texts, vectors, labels, settings)
        self._rule = DecisionRule.of(self._head.rejection, self._config)
        with self._model_storage.write_to(self._resource) as directory:
            self._head.save(Path(directory))
            # For reports, which look at the file alone.
            line = {"threshold": self._rule.threshold, "ask_from": self._rule.ask_from}
            (Path(directory) / RULE_FILE).write_text(json.dumps(line), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, labels to ask about and, for an article, the response to give."""
        for message in with_segments(messages):
            if self._head is None or self._rule is None or not message.get(TEXT):
                self._set_decision(message, Decision(OUT_OF_SCOPE, 0.0), [])
                continue
            text = readable(message)
            verdict = self._head.judge(text, _sentence_vector(message)[0])
            message.set(LIKENESS, verdict.likeness)
            self._set_decision(message, self._rule.decide(verdict), self._ranking(verdict))
        return messages

    def _ranking(self, verdict: Verdict) -> list[dict[str, Any]]:
        pairs = zip(verdict.labels, verdict.probabilities, strict=True)
        ranking = [{"name": label, "confidence": float(share)} for label, share in pairs]
        return ranking[: self._config["ranking_length"]]

    def _set_decision(
        self, message: Message, decision: Decision, ranking: list[dict[str, Any]]
    ) -> None:
        label, confidence = decision.label, decision.confidence
        intent = label.split("/", 1)[0]
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(INTENT, {"name": intent, "confidence": confidence}, add_to_output=True)
        message.set(CLARIFY, list(decision.clarify), add_to_output=True)
        selected: dict[str, Any] = {}
        if "/" in label:
            response = {
                INTENT_RESPONSE_KEY: label,
                "confidence": confidence,
                "utter_action": f"utter_{label}",
            }
            selected = {intent: {"response": response, "ranking": []}}
        message.set(RESPONSE_SELECTOR, selected, add_to_output=True)


def _sentence_vector(message: Message) -> Matrix:
    """The message's dense sentence features, `(1, n_dims)`."""
    _, sentence = message.get_dense_features(attribute=TEXT)
    vector: Matrix = sentence.features
    return vector
