"""Shows the training what shoppers' typing does to words.

Copies of training messages with typing errors are added before the featurizers; messages in use go
through untouched.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.typing_errors import add_typing_errors

COPY_OF = "copy_of"
"""Key of a copy: the text it was made from, so that both stay in the same fold."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TypingErrorAugmenter(GraphComponent):
    """Adds mistyped copies of the labelled training messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`copies`: of each message. `errors`: in each copy. `longest`: in characters."""
        return {"copies": 1, "errors": 1, "longest": 2_000, "seed": 1}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TypingErrorAugmenter:
        """Build the component; it learns nothing."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the data with copies; a copy that came out like its original is left out."""
        copies = [
            copy
            for example in training_data.intent_examples
            if example.get(TEXT) and len(example.get(TEXT)) <= self._config["longest"]
            for copy in self._copy(example)
        ]
        return training_data.merge(TrainingData(copies))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave what shoppers typed as it is."""
        return messages

    def _copy(self, example: Message) -> list[Message]:
        text = example.get(TEXT)
        seed, errors = self._config["seed"], self._config["errors"]
        typed = {
            add_typing_errors(text, errors, seed=seed + number)
            for number in range(self._config["copies"])
        }
        kept = {key: example.get(key) for key in (INTENT, INTENT_RESPONSE_KEY) if example.get(key)}
        return [Message({TEXT: one, COPY_OF: text, **kept}) for one in sorted(typed - {text})]
