"""`make bench-nlu`: what the components of config.yml make of public test messages."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.brain.rasa_environment import prepare_rasa
from bot.errors import BotError
from bot.nlu.labels import OUT_OF_SCOPE
from tests.benchmarks.machine import describe_machine, describe_versions
from tests.benchmarks.public_data import (
    Banking,
    Clinc,
    Example,
    draw,
    read_banking,
    read_clinc,
    with_label_names,
)
from tests.benchmarks.stock_understanding import measure_stock
from tests.benchmarks.understanding_report import (
    ClincFigures,
    FewExamples,
    Figures,
    print_report,
    to_json,
)
from tests.benchmarks.understanding_scores import (
    InScope,
    Meaning,
    count_in_scope,
    count_out_of_scope,
    separate,
)
from tests.benchmarks.unphrased import FOUND, Outcomes, plan, print_table
from tests.benchmarks.unphrased import measure as measure_scenario

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT.parent / "shared" / "data"
_STOCK = _ROOT / ".rasa" / "bench"
_WIDTH = 120
"""Of the tables where they go to a file."""

BANKING, CLINC, ARTICLES = SETS = ("banking77", "clinc150", "articles")

Step = Callable[[str], Any]


@dataclass(frozen=True)
class Scope:
    """How much is measured.

    Attributes:
        seeds: One draw of training messages each.
        examples: Training messages a label in a draw.
        labels: Take only the first of each set; None for all.
        stock: Train stock Rasa too.
    """

    seeds: tuple[int, ...] = (1, 2, 3, 4, 5)
    examples: int = 10
    labels: int | None = None
    stock: bool = True


FULL = Scope()
QUICK = Scope(seeds=(1, 2), examples=3, labels=6, stock=False)


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run the benchmark; returns the exit code."""
    given = _parse(arguments)
    scope = QUICK if given.quick else Scope(stock=given.stock and not given.dev)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    document: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": _tell_command(given),
        "machine": describe_machine(),
        "versions": describe_versions(),
        "dev": given.dev,
        "seeds": scope.seeds,
        "examples": scope.examples,
    }
    prepare_rasa()
    # There is no catalogue of a shop in these data.
    warnings.filterwarnings("ignore", message=r"\[W036\]", category=UserWarning)
    bench = Bench(scope, environ, console)
    # Articles are measured with the frozen test set, on which nothing may be tuned.
    with_articles = ARTICLES in given.sets and not given.dev and not given.quick
    try:
        figures = bench.measure(given.data, given.sets, dev=given.dev)
        articles = bench.measure_articles() if with_articles else []
    except BotError as error:
        console.print(f"error: {error}", style="red", soft_wrap=True)
        return error.exit_code
    document |= to_json(figures, scope.examples)
    document["articles"] = {one.scenario: one.as_json() for one in articles}
    print_report(figures, document, console)
    print_table(articles, console)
    console.print(_tell_run(document), soft_wrap=True)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    return 0


class Bench:
    """Puts the data sets through the pipeline, telling of each step how it went."""

    def __init__(self, scope: Scope, environ: Mapping[str, str], console: Console) -> None:
        self._scope = scope
        self._environ = environ
        self._console = console

    def measure(self, data: Path, sets: Sequence[str], *, dev: bool) -> Figures:
        """Measure what is asked for of the data sets in a folder.

        Raises:
            BotError: The data are not there, or the pipeline cannot be trained.
        """
        # Read before anything is measured: what is missing is said at once.
        banking = read_banking(data, dev=dev) if BANKING in sets else None
        clinc = read_clinc(data, dev=dev) if CLINC in sets else None
        few: tuple[FewExamples, ...] = ()
        full = None
        if banking:
            banking = self._cut_banking(banking)
            few = tuple(self._measure_few(banking, named=named) for named in (False, True))
            full = self._measure_full(banking)
        return Figures(few, full, self._measure_clinc(self._cut_clinc(clinc)) if clinc else None)

    def measure_articles(self) -> list[Outcomes]:
        """Measure how articles are found of which only the title is known."""
        measured = []
        for scenario in plan():
            with self._step(f"Articles: {scenario.name}") as tell:
                outcomes = measure_scenario(scenario, _ROOT / "config.yml")
                measured.append(outcomes)
                tell(f"{outcomes.all[FOUND] / outcomes.all.total():.2%} found")
        return measured

    def _measure_few(self, banking: Banking, *, named: bool) -> FewExamples:
        draws = []
        stock = None
        for seed in self._scope.seeds:
            examples = draw(banking.train, self._scope.examples, seed=seed)
            examples = with_label_names(examples) if named else examples
            name = f"BANKING77, draw {seed}" + (" and label names" if named else "")
            draws.append(self._count(name, examples, banking.test))
            if self._scope.stock and not stock:
                with self._step(f"Stock Rasa, {name}") as tell:
                    stock = measure_stock(_STOCK, examples, banking.test, self._environ)
                    tell(f"{stock.accuracy:.2%} right")
        return FewExamples(named, tuple(draws), stock)

    def _measure_full(self, banking: Banking) -> InScope:
        return self._count("BANKING77, all training messages", banking.train, banking.test)

    def _measure_clinc(self, clinc: Clinc) -> ClincFigures:
        with self._step("CLINC150") as tell:
            texts, labels = zip(*clinc.test, strict=True)
            meanings = self._understand(clinc.train, [*texts, *clinc.test_out_of_scope])
            inside, outside = meanings[: len(texts)], meanings[len(texts) :]
            figures = ClincFigures(
                count_in_scope(inside, labels),
                count_out_of_scope(outside),
                separate(inside, labels, outside),
            )
            tell(f"{figures.in_scope.accuracy:.2%} right, AUROC {figures.auroc:.4f}")
        return figures

    def _count(self, name: str, train: Sequence[Example], test: Sequence[Example]) -> InScope:
        with self._step(name) as tell:
            texts, labels = zip(*test, strict=True)
            counts = count_in_scope(self._understand(train, texts), labels)
            tell(f"{counts.accuracy:.2%} right")
        return counts

    def _understand(self, train: Sequence[Example], texts: Sequence[str]) -> list[Meaning]:
        from bot.evaluation.pipeline import NluPipeline

        pipeline = NluPipeline.from_config(_ROOT / "config.yml")
        pipeline.train(train)
        return list(pipeline.understand(texts))

    @contextmanager
    def _step(self, name: str) -> Iterator[Step]:
        begun = time.perf_counter()
        results: list[str] = []
        with self._console.status(name):
            yield results.append
        seconds = time.perf_counter() - begun
        self._console.print(f"{name}: {', '.join(results)} ({seconds:.0f} s)", highlight=False)

    def _cut_banking(self, banking: Banking) -> Banking:
        return Banking(self._cut(banking.train), self._cut(banking.test))

    def _cut_clinc(self, clinc: Clinc) -> Clinc:
        return replace(clinc, train=self._cut(clinc.train), test=self._cut(clinc.test))

    def _cut(self, examples: Sequence[Example]) -> tuple[Example, ...]:
        """Keep the labels that the scope keeps, and what is out of scope."""
        labels = sorted({label for _, label in examples} - {OUT_OF_SCOPE})
        kept = {*labels[: self._scope.labels], OUT_OF_SCOPE}
        return tuple(one for one in examples if one[1] in kept)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.understanding", description=__doc__
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--data", type=Path, default=_DATA, help="folder of the data sets")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="which to measure")
    parser.add_argument(
        "--stock",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="measure stock Rasa too (ten minutes of training, once for the same data)",
    )
    parser.add_argument(
        "--dev",
        action="store_true",
        help="leave the test messages alone: take validation data, and no stock Rasa",
    )
    parser.add_argument("--quick", action="store_true", help="six labels of each set, no stock")
    return parser.parse_args(arguments)


def _tell_command(given: argparse.Namespace) -> str:
    """The command without the paths that it was given."""
    chosen = [f"--{flag}" for flag in ("quick", "dev") if getattr(given, flag)]
    if not given.stock:
        chosen.append("--no-stock")
    if set(given.sets) != set(SETS):
        chosen += ["--sets", *given.sets]
    return " ".join(("python -m tests.benchmarks.understanding", *chosen))


def _tell_run(document: Mapping[str, Any]) -> str:
    machine, versions = document["machine"], document["versions"]
    packages = ("python", "rasa", "tensorflow", "onnxruntime", "numpy", "scikit-learn")
    return (
        f"{document['command']}, {document['date']}; {machine['cores']} cores, "
        f"{machine['processor']}, load {machine['load_before'][0]} at the start; "
        + ", ".join(f"{name} {versions[name]}" for name in packages)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
