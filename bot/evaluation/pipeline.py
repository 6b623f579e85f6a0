"""The understanding part of `config.yml`, trained and used without a whole Rasa model.

Benchmarks put public data through the very components that are served, with their settings; there
is no domain and no dialogue for such data. The order of steps is that of Rasa's default recipe:
tokenizers and featurizers process the training data, classifiers and extractors are trained on it,
and what was trained is loaded back from its storage before it is used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path

from bot.brain.turns import understood
from bot.errors import ConfigurationError

_BATCH = 64
_PREPARES = {
    DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER,
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
}


class NluPipeline:
    """The components of a configuration's `pipeline`, in its order."""

    def __init__(self, steps: Sequence[Mapping[str, Any]]) -> None:
        self._steps = steps
        self._components: list[Any] = []

    @classmethod
    def from_config(cls, config: Path) -> NluPipeline:
        """Read the pipeline of a `config.yml`.

        Raises:
            ConfigurationError: The file is missing or has no pipeline.
        """
        try:
            steps = list(yaml.safe_load(config.read_text("utf-8"))["pipeline"])
        except (OSError, yaml.YAMLError, LookupError, TypeError) as error:
            raise ConfigurationError(f"{config}: no pipeline to be read there") from error
        return cls(steps)

    def train(
        self, examples: Sequence[tuple[str, str]], tables: TrainingData | None = None
    ) -> None:
        """Train on `(text, label)` pairs.

        Args:
            examples: What the classifier learns; a label `faq/…` is an article's.
            tables: Lookup tables, synonyms and regular expressions for the entities, if any.
        """
        messages = [Message.build(text, intent=label) for text, label in examples]
        data = TrainingData(messages).merge(tables) if tables else TrainingData(messages)
        self._components = []
        with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
            storage = LocalModelStorage(Path(folder))
            for number, step in enumerate(self._steps):
                data = self._add(number, step, data, storage)

    def _add(
        self, number: int, step: Mapping[str, Any], data: TrainingData, storage: ModelStorage
    ) -> TrainingData:
        """Train one component and keep it; returns the data as the next one gets them."""
        kind = class_from_module_path(step["name"])
        registered = DefaultV1Recipe._from_registry(kind.__name__)
        settings = {key: value for key, value in step.items() if key != "name"}
        given = {**kind.get_default_config(), **settings}
        context = ExecutionContext(GraphSchema({}), node_name=f"{number}_{kind.__name__}")
        resource = Resource(context.node_name)
        component = kind.create(given, storage, resource, context)
        if registered.is_trainable:
            component.train(data)
            component = kind.load(given, storage, resource, context)
        self._components.append(component)
        return component.process_training_data(data) if registered.types & _PREPARES else data

    def understand(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Say of each text what `bot parse` would: `{"intent", "confidence", "ranking", …}`."""
        meanings = []
        for start in range(0, len(texts), _BATCH):
            messages = [Message({"text": text}) for text in texts[start : start + _BATCH]]
            for component in self._components:
                messages = component.process(messages)
            meanings += [understood(one.as_dict(only_output_properties=True)) for one in messages]
        return meanings
