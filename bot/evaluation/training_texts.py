"""The texts a model is trained from, with the file and line that each stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.entities_parser import replace_entities

from bot.brain.own_errors import RASA_ERRORS, find_own_error
from bot.brain.training import Project
from bot.errors import ConfigurationError
from bot.faq import front_matter
from bot.faq.files import read_text
from bot.faq.problems import Place


@dataclass(frozen=True)
class TrainingText:
    """One training message; `place` is the folder where Rasa read it from somewhere unusual."""

    text: str
    label: str
    place: Place


def read_training_texts(project: Project) -> list[TrainingText]:
    """Read every training message that Rasa reads, articles included.

    Which texts there are is Rasa's word; only where each stands is looked up in the files.

    Raises:
        ConfigurationError: A file of the project is missing or wrong.
    """
    project.check()
    try:
        importer = TrainingDataImporter.load_from_config(
            str(project.config), str(project.domain), [str(project.data)]
        )
        examples = importer.get_nlu_data().intent_examples
    except RASA_ERRORS as error:
        raise find_own_error(error) or ConfigurationError(
            f"{project.data}: the training data cannot be read: {' '.join(str(error).split())}"
        ) from error
    places = dict(_find_places(project.data))
    return [
        TrainingText(
            example.get(TEXT),
            example.get(INTENT_RESPONSE_KEY) or example.get(INTENT),
            places.get(example.get(TEXT), Place(project.data)),
        )
        for example in examples
        if example.get(TEXT)
    ]


def _find_places(data: Path) -> Iterator[tuple[str, Place]]:
    for path in sorted(data.rglob("*.yml")):
        for text, line in _find_examples(read_text(path)):
            yield replace_entities(text), Place(path, line)
    for path in sorted(data.rglob("*.md")):
        for text, line in _find_phrasings(path):
            yield text, Place(path, line)


def _find_examples(text: str) -> Iterator[tuple[str, int]]:
    """Yield each example below `nlu` with its line, from 1."""
    for item in _sequence(_value(yaml.compose(text, Loader=yaml.CSafeLoader), "nlu")):
        if _value(item, "intent") is None:
            continue
        examples = _value(item, "examples")
        if isinstance(examples, yaml.ScalarNode):
            yield from _find_listed(examples)
        for example in _sequence(examples):
            node = _value(example, "text")
            if isinstance(node, yaml.ScalarNode):
                yield node.value.strip(), _first_line(node)


def _find_listed(examples: yaml.ScalarNode) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(examples.value.split("\n")):
        if line.startswith("-"):
            # Only a block keeps its lines; a text in quotes counts as the line it starts on.
            yield line[1:].strip(), _first_line(examples) + number * _is_block(examples)


def _first_line(node: yaml.ScalarNode) -> int:
    return int(node.start_mark.line) + 1 + _is_block(node)


def _is_block(node: yaml.ScalarNode) -> bool:
    return node.style in ("|", ">")


def _find_phrasings(path: Path) -> Iterator[tuple[str, int]]:
    head, _, _ = front_matter.split(read_text(path), path)
    phrasings = head.values.get("phrasings")
    for number, text in enumerate(phrasings if isinstance(phrasings, list) else [], 1):
        yield " ".join(str(text).split()), head.line(f"phrasings.{number}")
    if question := head.text("question"):
        yield question, head.line("question")


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        values: list[yaml.Node] = [value for name, value in node.value if name.value == key]
        return values[0] if values else None
    return None


def _sequence(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []
