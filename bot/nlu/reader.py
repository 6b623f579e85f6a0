"""Rasa component that reads a message once, for everything that looks at its words."""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError
from bot.nlu.questions import with_segments
from bot.nlu.reading import make_readable
from bot.nlu.spelling import Spelling

READABLE = "readable"
"""Key of the text as encoder and classifier read it: emoji spelled out, values masked, mended."""


def readable(message: Message) -> str:
    """Give the text to read a message by, also where no `MessageReader` came before."""
    return str(message.get(READABLE) or make_readable(message.get(TEXT)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageReader(GraphComponent):
    """Sets what a message is read as; learns the shop's words from the training messages."""

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the training fingerprint."""
        return ["rapidfuzz"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: the folder whose `tokenizer.json` tells which words are English."""
        return {"encoder": "models/encoder"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        spelling: Spelling | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._spelling = spelling

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """Build a reader that knows no words yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        """Load the words stored with the model.

        Raises:
            ValueError: The model holds none.
        """
        with model_storage.read_from(resource) as directory:
            spelling = Spelling.load(Path(directory), _english_words(config["encoder"]))
        return cls(config, model_storage, resource, spelling)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the labelled messages and the catalogue."""
        texts = [make_readable(one.get(TEXT)) for one in _labelled(training_data)]
        for table in training_data.lookup_tables:
            # A name of the catalogue is a word of the shop, however rarely somebody types it.
            texts += [str(entry) for entry in table["elements"] for _ in range(3)]
        self._spelling = Spelling.learn(texts, _english_words(self._config["encoder"]))
        with self._model_storage.write_to(self._resource) as directory:
            self._spelling.save(Path(directory))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the training messages as messages in use are read."""
        self._read([one for one in training_data.training_examples if one.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Read messages and their segments."""
        self._read([one for one in with_segments(messages) if one.get(TEXT)])
        return messages

    def _read(self, messages: list[Message]) -> None:
        for message in messages:
            text = make_readable(message.get(TEXT))
            message.set(READABLE, self._spelling.mend(text) if self._spelling else text)


def _labelled(training_data: TrainingData) -> list[Message]:
    return [one for one in training_data.training_examples if one.get(TEXT) and one.get(INTENT)]


def _english_words(encoder: str) -> Set[str]:
    """The whole words of the encoder's vocabulary: the thirty thousand most used ones."""
    path = Path(encoder) / "tokenizer.json"
    try:
        vocabulary = dict(json.loads(path.read_text("utf-8"))["model"]["vocab"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ConfigurationError(
            f"{encoder}: no encoder here (tokenizer.json cannot be read); restore it from the "
            "repository, or name its folder in config.yml"
        ) from error
    return frozenset(word for word in vocabulary if word.isalpha())
