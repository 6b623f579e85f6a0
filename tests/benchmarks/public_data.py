"""BANKING77 (Casanueva et al. 2020) and CLINC150 (Larson et al. 2019), read from a folder.

They are never copied into the project; the folder is the benchmark's `--data`.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError
from bot.faq.articles import RETRIEVAL_INTENT
from bot.nlu.labels import OUT_OF_SCOPE

Example = tuple[str, str]
"""A message and its label."""

_BANKING, _CLINC = "banking77", "clinc150/data_full.json"
_BANKING_TRAIN, _BANKING_TEST = f"{_BANKING}/train.csv", f"{_BANKING}/test.csv"
_WHERE_FROM = (
    f"put BANKING77 there as {_BANKING_TRAIN} and {_BANKING_TEST} (columns text,category; "
    "PolyAI-LDN/task-specific-datasets on GitHub) and CLINC150 as "
    f"{_CLINC} (clinc/oos-eval on GitHub), or name their folder with --data"
)
_DEV_FOLDS = 5


@dataclass(frozen=True)
class Banking:
    """BANKING77; the test messages are never trained on."""

    train: tuple[Example, ...]
    test: tuple[Example, ...]


@dataclass(frozen=True)
class Clinc:
    """CLINC150; messages out of scope are labelled as our bot labels them."""

    train: tuple[Example, ...]
    test: tuple[Example, ...]
    test_out_of_scope: tuple[str, ...]


def read_banking(data: Path, *, dev: bool) -> Banking:
    """Read BANKING77.

    Args:
        data: The folder with the data sets.
        dev: Leave the test set alone; every fifth training message of a label is tested instead.

    Raises:
        ConfigurationError: The files are missing or not what they should be.
    """
    train = _read_csv(data / _BANKING_TRAIN)
    if not dev:
        return Banking(train, _read_csv(data / _BANKING_TEST))
    places = _number_within_label(train)
    held_out = [place % _DEV_FOLDS == 0 for place in places]
    return Banking(
        tuple(one for one, is_out in zip(train, held_out, strict=True) if not is_out),
        tuple(one for one, is_out in zip(train, held_out, strict=True) if is_out),
    )


def read_clinc(data: Path, *, dev: bool) -> Clinc:
    """Read CLINC150; with `dev` its validation messages are tested instead of its test messages.

    Raises:
        ConfigurationError: The file is missing or not what it should be.
    """
    path = data / _CLINC
    tested = "val" if dev else "test"
    try:
        parts = {
            part: tuple((str(text), str(label)) for text, label in messages)
            for part, messages in json.loads(_read(path)).items()
        }
        in_scope = [
            (text, as_article(label)) for text, label in parts["train"] if label != OUT_OF_SCOPE
        ]
        rejected = [(text, OUT_OF_SCOPE) for text, _ in parts["oos_train"]]
        return Clinc(
            (*in_scope, *rejected),
            tuple((text, as_article(label)) for text, label in parts[tested]),
            tuple(text for text, _ in parts[f"oos_{tested}"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{path}: this is not CLINC150 ({error}); {_WHERE_FROM}") from None


def as_article(label: str) -> str:
    """Make a data set's label one of an article, which the bot may ask about like any other."""
    return f"{RETRIEVAL_INTENT}/{label}"


def spell_label(label: str) -> str:
    """Write a label as words: `faq/card_arrival` as `card arrival`."""
    return " ".join(label.split("/", 1)[-1].replace("?", "").replace("_", " ").lower().split())


def draw(examples: Sequence[Example], number: int, *, seed: int) -> list[Example]:
    """Draw this many messages of each label at random, all where a label has fewer."""
    generator = random.Random(seed)
    by_label: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        by_label[one[1]].append(one)
    return [
        one
        for label in sorted(by_label)
        for one in generator.sample(by_label[label], min(number, len(by_label[label])))
    ]


def with_label_names(examples: Sequence[Example]) -> list[Example]:
    """Add to each label one message: its own name in words, as an article has its title."""
    labels = sorted({label for _, label in examples})
    return [*((spell_label(label), label) for label in labels), *examples]


def _read_csv(path: Path) -> tuple[Example, ...]:
    rows = csv.DictReader(io.StringIO(_read(path), newline=""))
    try:
        read = tuple((row["text"], as_article(row["category"])) for row in rows)
    except LookupError as error:
        raise ConfigurationError(f"{path}: no column {error}; {_WHERE_FROM}") from None
    if not read:
        raise ConfigurationError(f"{path}: no messages in it; {_WHERE_FROM}")
    return read


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; {_WHERE_FROM}") from error


def _number_within_label(examples: Iterable[Example]) -> list[int]:
    seen: dict[str, int] = defaultdict(int)
    numbers = []
    for _, label in examples:
        numbers.append(seen[label])
        seen[label] += 1
    return numbers
