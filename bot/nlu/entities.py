"""Rasa entity extractor for what a shop's messages hold: order numbers, e-mails, the catalogue.

spaCy's entity ruler matches the lookup tables of the training data (`product`, `color`, `size`,
`model`), its regular expressions find what a table can't list (*size S*, but not the s of *it's*);
order numbers and e-mail addresses are patterns of our own. Built at training and stored in the
model, so a served model never depends on files beside it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
from bot.nlu.questions import with_segments
from bot.nlu.tokenizer import break_long_words

# One e-mail address as shoppers type it; RFC 5321 allows more than any shop will see.
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9](?:[\w.+-]{0,62}[\w+-])?@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?![\w-])",
    re.ASCII,
)
# Digits in groups, as in "81 0024 0002" or "8100-240-002", and what tells that they are no order
# number: a plus or a currency before them, decimals or a currency after them.
_CURRENCY = "[$€£¥₹]"
# Spaces and hyphens of every width, and the invisible marks that come along with copied text.
_BETWEEN_GROUPS = (
    r"[ \-\u00a0\u2000-\u2013\u202a-\u202f\u2060\u2066-\u2069\u2212\u3000\ufeff\uff0d]{1,2}"
)
_DIGIT_GROUPS = re.compile(
    rf"(?P<plus>\+(?:[ ()0-9]{{0,8}}\)\s?|[ (])?)?(?P<price>{_CURRENCY}\s?)?"
    rf"(?P<groups>[0-9]+(?:{_BETWEEN_GROUPS}[0-9]+)*)"
    rf"(?P<amount>[.,][0-9]{{1,2}}(?![0-9])|\s?{_CURRENCY}(?!\s?[0-9]))?"
)
_DIGITS = re.compile(r"[0-9]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

_MAX_GROUPS = 10
"""A number is never typed in more groups of digits than this."""

_MAX_CHARS = 20_000
"""Ten times what a shopper may send; the rest of a longer text holds no entities."""


@dataclass(frozen=True)
class Mention:
    """A stretch of text and what it stands for; `start` and `end` are in characters."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Expression:
    """A regular expression of the training data and the entity that it finds.

    `values` are the synonyms, in lower case, of what it may match.
    """

    entity: str
    pattern: str
    values: Mapping[str, str] = field(default_factory=dict)


def find_order_numbers(text: str, pattern: re.Pattern[str]) -> list[Mention]:
    """Find numbers that match the shop's pattern once spaces and hyphens are removed.

    Digits of any script count, and letters may touch them (*order8100240002pls*). Telephone numbers
    in the international form and amounts of money are left alone.
    """
    found = []
    for match in _DIGIT_GROUPS.finditer(_in_ascii_digits(text)):
        groups = [
            Mention("order_number", digits.group(), digits.start(), digits.end())
            for digits in _DIGITS.finditer(match.string, *match.span("groups"))
        ]
        if match["plus"] or groups[0].value.startswith("00"):
            continue
        if match["price"]:
            del groups[0]
        if match["amount"]:
            del groups[-1:]
        found += _join_groups(groups, pattern)
    return found


def _join_groups(groups: list[Mention], pattern: re.Pattern[str]) -> list[Mention]:
    """Divide groups of digits into numbers.

    Where that leaves digits over, only groups that are whole numbers count: "8100240002 2" is a
    number and a two, while a card's sixteen digits are no number and a rest.
    """
    numbers: list[Mention] = []
    pending: list[Mention] = []
    for group in groups:
        pending.append(group)
        if len(pending) > _MAX_GROUPS:
            break
        digits = "".join(one.value for one in pending)
        if pattern.fullmatch(digits):
            numbers.append(Mention("order_number", digits, pending[0].start, group.end))
            pending = []
    if pending:
        return [group for group in groups if pattern.fullmatch(group.value)]
    return numbers


def _in_ascii_digits(text: str) -> str:
    """Replace digits of other scripts one for one, so that offsets stay right."""
    return _NOT_ASCII.sub(lambda char: str(unicodedata.decimal(char.group(), char.group())), text)


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
        """Learn the lookup tables and synonyms of the training data.

        A name that stands in two tables of one entity, as in two files, is spelled as in the first.
        """
        synonyms = {text.lower(): value for text, value in training_data.entity_synonyms.items()}
        names: dict[tuple[str, str], str] = {}
        for table in training_data.lookup_tables:
            for text in _table_entries(table):
                names.setdefault((table["name"], text.lower()), text)
        patterns = [
            {"label": entity, "pattern": text, "id": synonyms.get(key, text)}
            for (entity, key), text in names.items()
        ]
        self._nlp = _build_language(self._config["language"], patterns)
        self._expressions = [
            _expression(feature["name"], feature["pattern"], synonyms)
            for feature in training_data.regex_features
        ]
        with self._model_storage.write_to(self._resource) as directory:
            self._nlp.to_disk(Path(directory) / "language")
            stored = json.dumps([asdict(expression) for expression in self._expressions])
            (Path(directory) / "expressions.json").write_text(stored, "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found in the text of each message and segment."""
        for message in with_segments(messages):
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
        text = text[:_MAX_CHARS]
        found = find_emails(text)
        numbers = find_order_numbers(text, self._order_number)
        catalogue = [
            Mention(span.label_, span.ent_id_ or span.text, span.start_char, span.end_char)
            for span in self._nlp(break_long_words(text)).ents
        ]
        for mention in numbers + catalogue + self._match_expressions(text):
            if all(mention.end <= other.start or mention.start >= other.end for other in found):
                found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def _match_expressions(self, text: str) -> list[Mention]:
        return [
            Mention(
                expression.entity,
                expression.values.get(match.group().lower(), match.group()),
                match.start(),
                match.end(),
            )
            for expression in self._expressions
            for match in re.finditer(expression.pattern, text, re.IGNORECASE)
        ]


def _expression(entity: str, pattern: str, synonyms: Mapping[str, str]) -> Expression:
    known = {
        text: value for text, value in synonyms.items() if re.search(pattern, text, re.IGNORECASE)
    }
    return Expression(entity, pattern, known)


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
    if patterns:  # without any, the ruler warns of it at each message
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(patterns)
    return nlp
