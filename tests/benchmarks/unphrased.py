"""`python -m tests.benchmarks.unphrased`: how well articles with nothing but a title are found.

The components of config.yml are trained on the titles alone and asked with messages that shoppers
might type: for the shipped articles those of the frozen test set, which is only read here, and for
fifty made-up ones those of `tests/understanding/shop_articles.yml`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.brain.rasa_environment import prepare_rasa
from bot.faq.articles import RETRIEVAL_INTENT, article_id, example_texts, load_articles
from bot.nlu.labels import OUT_OF_SCOPE

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.training_data import TrainingData

ROOT = Path(__file__).resolve().parents[2]
MADE_UP = ROOT / "tests" / "understanding" / "shop_articles.yml"
FROZEN = ROOT / "tests" / "understanding" / "messages.yml"
SHIPPED = ROOT / "data" / "help_center"

FOUND = "found"
OFFERED = "offered"
REJECTED = "unsure"
OTHER_ARTICLE = "other article"
OTHER_LABEL = "other label"
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
    tables: TrainingData


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

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by kind of message and outcome."""
        return {kind: dict(counts) for kind, counts in self.by_kind.items()}


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


def read_other_labels() -> tuple[list[Example], TrainingData]:
    """Read the examples of every label that is no article, and the tables of the entities."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData

    data, catalogue = (
        load_data(str(ROOT / "data" / name)) for name in ("nlu.yml", "catalogue.yml")
    )
    data = data.merge(catalogue)
    examples = [(one.get("text"), one.get("intent")) for one in data.intent_examples]
    tables = TrainingData([], data.entity_synonyms, data.regex_features, data.lookup_tables)
    return examples, tables


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
    others, tables = read_other_labels()
    frozen = read_frozen_articles()
    bare = read_shipped(phrasings=False)
    shipped = [*read_shipped(phrasings=True), *others]
    return [
        Scenario("7 articles with their phrasings, full bot", shipped, frozen, tables),
        Scenario("7 articles by title only, full bot", [*bare, *others], frozen, tables),
        Scenario("50 articles by title only, alone", titles, asked, tables),
        Scenario(
            "57 articles by title only, full bot",
            [*titles, *bare, *others],
            [*asked, *frozen],
            tables,
        ),
    ]


def judge(understood: Mapping[str, Any], label: str) -> str:
    """Say what became of a message that asks for the article `label`."""
    if understood["intent"] == label:
        return FOUND
    if label in (understood.get("clarify") or ()):
        return OFFERED
    if understood["intent"] != OUT_OF_SCOPE:
        is_article = understood["intent"].startswith(f"{RETRIEVAL_INTENT}/")
        return OTHER_ARTICLE if is_article else OTHER_LABEL
    first = next(iter(understood["ranking"]), None)
    return REJECTED if first and first["intent"] == label else NOTHING


def measure(scenario: Scenario, config: Path) -> Outcomes:
    """Train the components of a configuration on a scenario's examples, and ask its messages."""
    from bot.evaluation.pipeline import NluPipeline

    pipeline = NluPipeline.from_config(config)
    pipeline.train(scenario.examples, scenario.tables)
    answers = pipeline.understand([one.text for one in scenario.asked])
    outcomes = Outcomes(scenario.name)
    for one, answer in zip(scenario.asked, answers, strict=True):
        outcomes.take(one.kind, judge(answer, one.label))
    return outcomes


def print_table(measured: Iterable[Outcomes], console: Console) -> None:
    """Print the share of messages with each outcome, a table a scenario."""
    for outcomes in measured:
        table = Table(title=outcomes.scenario, title_justify="left")
        table.add_column("asked", no_wrap=True)
        for name in ("messages", *OUTCOMES):
            table.add_column(name, justify="right")
        rows = (
            outcomes.by_kind
            if len(outcomes.by_kind) < 2
            else {**outcomes.by_kind, "all": outcomes.all}
        )
        for kind, counts in rows.items():
            total = counts.total()
            shares = [f"{counts[name] / total:.1%}" for name in OUTCOMES]
            table.add_row(kind, str(total), *shares)
        console.print(table)


def main() -> None:
    """Measure every scenario, print a table, and write the counts as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the counts")
    arguments = parser.parse_args()
    prepare_rasa()
    console = Console()
    measured = []
    for scenario in plan():
        with console.status(scenario.name):
            measured.append(measure(scenario, ROOT / "config.yml"))
    print_table(measured, console)
    if arguments.json:
        counts = {one.scenario: one.as_json() for one in measured}
        arguments.json.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
