"""Rasa entity extractor for what a shop's messages hold: order numbers, e-mails, the catalogue.

spaCy's entity ruler matches the lookup tables of the training data (`product`, `color`, `size`,
`model`), its regular expressions find what a table can't list (*size S*, but not the s of *it's*);
order numbers and e-mail addresses are patterns of our own. Built at training and stored in the
model, so a served model never depends on files beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.errors import ConfigurationError

# One e-mail address as shoppers type it; RFC 5321 allows more than any shop will see.
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9](?:[\w.+-]{0,62}[\w+-])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-])",
    re.ASCII,
)
# Digits in groups, as in "81 0024 0002" or "8100-240-002".
_DIGIT_GROUPS = re.compile(r"(?<![0-9+.,$€£])[0-9]+(?:[ \-\u00a0]{1,2}[0-9]+)*(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Mention:
    """A stretch of text and what it stands for; `start` and `end` are in characters."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Expression:
    """A regular expression of the training data and the entity that it finds."""

    entity: str
    pattern: str


def find_order_numbers(text: str, pattern: re.Pattern[str]) -> list[Mention]:
    """Find numbers that match the shop's pattern once spaces and hyphens are removed."""
    found = []
    for groups in _DIGIT_GROUPS.finditer(text):
        whole = re.sub(r"[^0-9]", "", groups.group())
        if pattern.fullmatch(whole):
            found.append(Mention("order_number", whole, groups.start(), groups.end()))
            continue
        # "8100240002 8100240003" is two numbers, "8100240002 2" is one and a two.
        for digits in _DIGITS.finditer(groups.group()):
            if pattern.fullmatch(digits.group()):
                start = groups.start() + digits.start()
                found.append(
                    Mention("order_number", digits.group(), start, start + len(digits.group()))
                )
    return found


def find_emails(text: str) -> list[Mention]:
    """Find e-mail addresses, in lower case."""
    return [
        Mention("email", match.group().lower(), match.start(), match.end())
        for match in _EMAIL.finditer(text)
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ShopEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds order numbers, e-mail addresses, products, colours, sizes and models."""

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the training fingerprint."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`order_number_pattern`: a regular expression for the bare number, digits only."""
        return {"language": "en", "order_number_pattern": "[0-9]{10}"}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._nlp = _build_language(config["language"], [])
        self._expressions: list[Expression] = []
        try:
            self._order_number = re.compile(config["order_number_pattern"], re.ASCII)
        except re.error as error:
            raise ConfigurationError(
                f"config.yml: order_number_pattern is no regular expression ({error})"
            ) from error

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopEntityExtractor:
        """Build an extractor that has yet to learn its catalogue."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShopEntityExtractor:
        """Load the catalogue stored with the model.

        Raises:
            ValueError: The model holds none.
        """
        extractor = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            extractor._nlp = spacy.load(Path(directory) / "language")
            stored = json.loads((Path(directory) / "expressions.json").read_text("utf-8"))
            extractor._expressions = [Expression(**expression) for expression in stored]
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the lookup tables and synonyms of the training data."""
        synonyms = {text.lower(): value for text, value in training_data.entity_synonyms.items()}
        patterns = [
            {"label": table["name"], "pattern": text, "id": synonyms.get(text.lower(), text)}
            for table in training_data.lookup_tables
            for text in _table_entries(table)
        ]
        self._nlp = _build_language(self._config["language"], patterns)
        self._expressions = [
            Expression(feature["name"], feature["pattern"])
            for feature in training_data.regex_features
        ]
        with self._model_storage.write_to(self._resource) as directory:
            self._nlp.to_disk(Path(directory) / "language")
            stored = json.dumps([asdict(expression) for expression in self._expressions])
            (Path(directory) / "expressions.json").write_text(stored, "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found in each message's text."""
        for message in messages:
            mentions = self.find(message.get(TEXT) or "")
            entities = [
                {
                    "entity": mention.entity,
                    "value": mention.value,
                    "start": mention.start,
                    "end": mention.end,
                }
                for mention in mentions
            ]
            known = message.get(ENTITIES, [])
            message.set(ENTITIES, known + self.add_extractor_name(entities), add_to_output=True)
        return messages

    def find(self, text: str) -> list[Mention]:
        """Find all mentions in a text, in the order they stand there, none inside another."""
        found = find_emails(text) + find_order_numbers(text, self._order_number)
        catalogue = [
            Mention(span.label_, span.ent_id_ or span.text, span.start_char, span.end_char)
            for span in self._nlp(text).ents
        ]
        for mention in catalogue + self._match_expressions(text):
            if all(mention.end <= other.start or mention.start >= other.end for other in found):
                found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def _match_expressions(self, text: str) -> list[Mention]:
        return [
            Mention(expression.entity, match.group(), match.start(), match.end())
            for expression in self._expressions
            for match in re.finditer(expression.pattern, text, re.IGNORECASE)
        ]


def _table_entries(table: dict[str, Any]) -> list[str]:
    elements = table["elements"]
    if isinstance(elements, str):
        raise ConfigurationError(
            f"lookup table {table['name']}: list its entries in data/nlu.yml, not in the file "
            f"{elements}"
        )
    return sorted({element.strip() for element in elements if element.strip()})


def _build_language(language: str, patterns: list[dict[str, str]]) -> Language:
    nlp = spacy.blank(language)
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(patterns)
    return nlp
