"""`python -m tests.benchmarks.unphrased`: how well articles are found that have only their question.

The components of config.yml are trained on the titles alone and asked with messages that shoppers might
type: for the shipped articles those of the frozen test set, which is only read here, and for fifty
made-up ones those of `tests/understanding/shop_articles.yml`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.brain.rasa_environment import prepare_rasa
from bot.faq.articles import RETRIEVAL_INTENT, article_id, example_texts, load_articles

ROOT = Path(__file__).resolve().parents[2]
MADE_UP = ROOT / "tests" / "understanding" / "shop_articles.yml"
FROZEN = ROOT / "tests" / "understanding" / "messages.yml"
SHIPPED = ROOT / "data" / "help_center"

FOUND = "found"
OFFERED = "offered"
REJECTED = "first, but not sure"
OTHER_ARTICLE = "another article"
OTHER_LABEL = "another label"
NOTHING = "nothing"
OUTCOMES = (FOUND, OFFERED, REJECTED, OTHER_ARTICLE, OTHER_LABEL, NOTHING)

_ASKED_AS = ("short", "typos", "story", "foreign")

Example = tuple[str, str]
"""A text and its label."""


@dataclass(frozen=True)
class Asked:
    """A message, the label it should get, and what kind of message it is."""

    text: str
    label: str
    kind: str


@dataclass(frozen=True)
class Scenario:
    """What is trained, and what is asked then."""

    name: str
    examples: Sequence[Example]
    asked: Sequence[Asked]


@dataclass
class Outcomes:
    """How many messages of each kind had which outcome."""

    scenario: str
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, kind: str, outcome: str) -> None:
        self.by_kind.setdefault(kind, Counter())[outcome] += 1

    @property
    def all(self) -> Counter[str]:
        """The outcomes of all messages."""
        return sum(self.by_kind.values(), Counter())


def read_made_up() -> tuple[list[Example], list[Asked]]:
    """Read the titles of the made-up articles, labelled, and the messages that should find them."""
    titles: list[Example] = []
    asked: list[Asked] = []
    for article in yaml.safe_load(MADE_UP.read_text(encoding="utf-8"))["articles"]:
        label = f"{RETRIEVAL_INTENT}/{article_id(article['question'])}"
        titles.append((article["question"], label))
        asked += [Asked(article["asked"][kind], label, kind) for kind in _ASKED_AS]
    return titles, asked


def read_shipped(*, phrasings: bool) -> list[Example]:
    """Read the shipped articles as examples, with their phrasings or by their titles only."""
    return [
        (text, article.intent)
        for article in load_articles(SHIPPED)
        for text in (example_texts(article) if phrasings else [article.question])
    ]


def read_other_labels() -> list[Example]:
    """Read the examples of every label that is no article, as Rasa reads them."""
    from rasa.shared.nlu.training_data.loading import load_data

    data = load_data(str(ROOT / "data" / "nlu.yml"))
    return [(one.get("text"), one.get("intent")) for one in data.intent_examples]


def read_frozen_articles() -> list[Asked]:
    """Read the messages of the frozen test set that ask for an article."""
    frozen = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))["messages"]
    return [
        Asked(one["text"], one["label"], "frozen set")
        for one in frozen
        if one["label"].startswith(f"{RETRIEVAL_INTENT}/")
    ]


def plan() -> list[Scenario]:
    """List what is measured."""
    titles, asked = read_made_up()
    others, frozen = read_other_labels(), read_frozen_articles()
    bare = read_shipped(phrasings=False)
    return [
        Scenario("7 shipped articles with their phrasings, full bot", [*read_shipped(phrasings=True), *others], frozen),
        Scenario("7 shipped articles by title only, full bot", [*bare, *others], frozen),
        Scenario("50 made-up articles by title only, alone", titles, asked),
        Scenario("57 articles by title only, full bot", [*titles, *bare, *others], [*asked, *frozen]),
    ]
