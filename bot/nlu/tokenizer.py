"""Rasa tokenizer that uses spaCy's English rules, without a spaCy model to fetch."""

from __future__ import annotations

import re
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_LONG_WORD = re.compile(r"(\S{39})\S")
_LONG_PUNCTUATION = re.compile(r"([^\w\s]{5})[^\w\s]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyWordTokenizer(Tokenizer):
    """Splits texts into words with `spacy.blank(language)`.

    Rasa's own SpacyTokenizer needs SpacyNLP, which reads its pipeline from a path relative to the
    working directory and does not notice when that changes.

    With `responses: true` answers and actions of the training data are split too, for components
    such as ResponseSelector.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the training fingerprint."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`language`: of spaCy's rules. `responses`: see the class. The others are Rasa's own."""
        return {
            "language": "en",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            "responses": False,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._split = spacy.blank(config["language"]).tokenizer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpacyWordTokenizer:
        """Build the tokenizer; nothing is stored with the model."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Split the training messages, and with `responses` everything that goes with them."""
        if self._config["responses"]:
            return super().process_training_data(training_data)
        for example in training_data.training_examples:
            if example.get(TEXT):
                example.set(TOKENS_NAMES[TEXT], self.tokenize(example, TEXT))
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Split one attribute's text into words with their offsets."""
        words = self._split(break_long_words(message.get(attribute)))
        tokens = [Token(word.text, word.idx) for word in words if not word.is_space]
        kept: list[Token] = self._apply_token_pattern(tokens)
        return kept


def break_long_words(text: str) -> str:
    """Put a space in every fortieth place of a text without spaces, and leave its length.

    Likewise in every sixth place of punctuation and emoji: spaCy's rules take a hundred times
    longer for ten times as many of them in a row.
    """
    return _LONG_WORD.sub(r"\1 ", _LONG_PUNCTUATION.sub(r"\1 ", text))
