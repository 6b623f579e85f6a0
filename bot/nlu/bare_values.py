"""Rasa component that knows a message which is only a value: a number, an e-mail, a size.

A sentence encoder has little to go by in *8100240002* or *ana@example.com*; the entities have all.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.labels import CLARIFY, INFORM, PUBLIC_ENTITIES
from bot.nlu.questions import with_segments

_WORD = re.compile(r"\w+")
_FILLERS = frozenset(
    {"and", "email", "e", "mail", "id", "is", "it", "its", "my", "nr", "no", "num", "number"}
    | {"of", "order", "ordernumber", "s", "the", "this"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class BareValueClassifier(IntentClassifier, GraphComponent):
    """Sets `inform` where entities and filler words are all that a message has."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BareValueClassifier:
        """Build the component; it learns nothing."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct the intent of bare values; the ranking keeps what the classifier thought."""
        for message in with_segments(messages):
            if is_bare_value(message.get(TEXT) or "", message.get(ENTITIES) or []):
                message.set(INTENT, {"name": INFORM, "confidence": 1.0}, add_to_output=True)
                message.set(RESPONSE_SELECTOR, {}, add_to_output=True)
                message.set(CLARIFY, [], add_to_output=True)
        return messages


def is_bare_value(text: str, entities: list[dict[str, Any]]) -> bool:
    """Tell whether a text holds entities, and beside them at most filler words."""
    values = [entity for entity in entities if entity["entity"] in PUBLIC_ENTITIES]
    if not values:
        return False
    rest = list(text)
    for entity in values:
        for index in range(entity["start"], entity["end"]):
            rest[index] = " "
    return all(word.lower() in _FILLERS for word in _WORD.findall("".join(rest)))
