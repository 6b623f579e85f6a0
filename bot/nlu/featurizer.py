"""Rasa featurizer around the sentence encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import EncodedText, SentenceEncoder, Vectors, check_files
from bot.nlu.questions import with_segments
from bot.nlu.reader import readable
from bot.nlu.reading import make_readable


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the sentence encoder's vector, `(1, n_dims)`, to each text.

    With `token_features: true` it also adds one vector a token, `(n_tokens, n_dims)`, the mean of
    the token's word pieces, for components such as DIET that read sequences. With `responses: true`
    it also does so for answers and actions, for components such as ResponseSelector: every message
    that asks for an article carries the whole answer, which takes most of the training otherwise.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Tokens are needed only for the token features, but Rasa asks per class."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the training fingerprint."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: its folder. `threads`: of a forward pass. For the others see the class."""
        return {
            **DenseFeaturizer.get_default_config(),
            "encoder": "models/encoder",
            "threads": 1,
            "token_features": False,
            "responses": False,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing beyond what loading the encoder checks."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make another encoder another fingerprint: Rasa only sees the path."""
        return check_files(Path(config.get("encoder", "models/encoder")))

    def __init__(self, config: dict[str, Any], name: str, encoder: SentenceEncoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._token_features = bool(config["token_features"])
        self._attributes = DENSE_FEATURIZABLE_ATTRIBUTES if config["responses"] else [TEXT]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Load the encoder named in the configuration."""
        encoder = SentenceEncoder.load_shared(Path(config["encoder"]), threads=config["threads"])
        return cls(config, execution_context.node_name, encoder)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to every training text."""
        for attribute in self._attributes:
            examples = [
                example for example in training_data.training_examples if example.get(attribute)
            ]
            if self._token_features:
                for example in examples:
                    self._add_both(example, attribute)
            elif examples:
                texts = [_text_of(example, attribute) for example in examples]
                vectors = self._encoder.embed(texts)
                for example, vector in zip(examples, vectors, strict=True):
                    self._add_sentence(example, attribute, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to the texts of incoming messages and their segments."""
        for message in with_segments(messages):
            if not message.get(TEXT):
                continue
            if self._token_features:
                self._add_both(message, TEXT)
            else:
                encoded = self._encoder.encode(readable(message))
                self._add_sentence(message, TEXT, encoded.sentence)
        return messages

    def _add_both(self, message: Message, attribute: str) -> None:
        # The text as it stands: offsets of tokens and word pieces must agree.
        encoded = self._encoder.encode(message.get(attribute))
        self._add_sentence(message, attribute, encoded.sentence)
        tokens = message.get(TOKENS_NAMES[attribute]) or []
        if tokens:
            vectors = np.stack([_token_vector(encoded, token) for token in tokens])
            message.add_features(
                Features(vectors, FEATURE_TYPE_SEQUENCE, attribute, self._identifier)
            )

    def _add_sentence(self, message: Message, attribute: str, vector: Vectors) -> None:
        message.add_features(
            Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, attribute, self._identifier)
        )


def _text_of(example: Message, attribute: str) -> str:
    return readable(example) if attribute == TEXT else make_readable(example.get(attribute))


def _token_vector(encoded: EncodedText, token: Token) -> Vectors:
    """Mean of the word pieces that overlap the token, `(n_dims,)`; zeros if it was cut off."""
    rows = [
        row
        for row, (start, end) in enumerate(encoded.offsets)
        if start < token.end and end > token.start
    ]
    if not rows:
        return np.zeros_like(encoded.sentence)
    mean: Vectors = encoded.pieces[rows].mean(axis=0)
    return mean
