"""The figures of understanding, the aims they are held against, and the tables."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.report import Budget
from tests.benchmarks.stock_understanding import StockUnderstanding
from tests.benchmarks.understanding_scores import InScope, OutOfScope, Spread

_OUTCOMES: Mapping[str, Callable[[InScope], int]] = {
    "answered right": lambda counts: counts.answered_right,
    "asked, right one offered": lambda counts: counts.asked_right,
    "rejected": lambda counts: counts.rejected,
    "asked, not offered": lambda counts: counts.asked_wrong,
    "taken for several": lambda counts: counts.split,
    "answered wrong": lambda counts: counts.answered_wrong,
}


@dataclass(frozen=True)
class FewExamples:
    """BANKING77 with a few training messages a label; one entry a draw.

    `named`: each label's own name is one more message. `stock`: the first draw's.
    """

    named: bool
    draws: tuple[InScope, ...]
    stock: StockUnderstanding | None = None


@dataclass(frozen=True)
class ClincFigures:
    """CLINC150, all training messages."""

    in_scope: InScope
    out_of_scope: OutOfScope
    auroc: float


@dataclass(frozen=True)
class Figures:
    """All that one run has measured; None is what it left out."""

    few: tuple[FewExamples, ...] = ()
    full: InScope | None = None
    clinc: ClincFigures | None = None


def spread(draws: Sequence[InScope], figure: Callable[[InScope], float]) -> Spread:
    """Take one figure of each draw."""
    return Spread(tuple(figure(one) for one in draws))


def list_aims(figures: Figures, examples: int) -> Iterator[Budget]:
    """Hold each figure against what it must be, in percent."""
    for one in figures.few:
        names = " and its name" if one.named else ""
        accuracy = spread(one.draws, lambda counts: counts.accuracy).mean
        yield _aim(f"BANKING77, {examples} messages a label{names}: right", accuracy, 86)
    if figures.full:
        yield _aim("BANKING77, all training messages: right", figures.full.accuracy, 93.5)
    if clinc := figures.clinc:
        inside, outside = clinc.in_scope, clinc.out_of_scope
        yield _aim("CLINC150, in scope: right", inside.accuracy, 95.5)
        yield _aim("CLINC150, in scope: answered right", inside.share(inside.answered_right), 92)
        yield _aim("CLINC150, out of scope: rejected", outside.share(outside.rejected), 90)


def _aim(name: str, share: float, limit: float) -> Budget:
    return Budget(name, 100 * share, limit, at_most=False, unit="%")


def to_json(figures: Figures, examples: int) -> dict[str, Any]:
    """Return figures and aims as JSON values."""
    clinc = figures.clinc
    return {
        "banking77_few": [_few_as_json(one) for one in figures.few],
        "banking77_full": figures.full and figures.full.as_json(),
        "clinc150": clinc
        and {
            "in_scope": clinc.in_scope.as_json(),
            "out_of_scope": clinc.out_of_scope.as_json(),
            "auroc": round(clinc.auroc, 5),
        },
        "aims": [aim.as_json() for aim in list_aims(figures, examples)],
    }


def _few_as_json(one: FewExamples) -> dict[str, Any]:
    return {
        "with_label_name": one.named,
        "accuracy": spread(one.draws, lambda counts: counts.accuracy).as_json(),
        "draws": [counts.as_json() for counts in one.draws],
        "stock": one.stock and one.stock.as_json(),
    }


def print_report(figures: Figures, document: Mapping[str, Any], console: Console) -> None:
    """Print the report for people."""
    examples = document["examples"]
    console.print(_tabulate_labels(figures, examples))
    console.print(_tabulate_outcomes(figures, examples))
    if clinc := figures.clinc:
        console.print(_tabulate_outside(clinc))
    console.print(_tabulate_aims(document["aims"]))
    for remark in list_remarks(figures, document):
        console.print(remark, soft_wrap=True)


def _tabulate_labels(figures: Figures, examples: int) -> Table:
    table = Table(title="Best label right, percent", title_justify="left")
    for column in ("what", "messages", "ours", "deviation", "min", "max", "stock Rasa"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for one in figures.few:
        right = spread(one.draws, lambda counts: counts.accuracy)
        stock = _percent(one.stock.accuracy) if one.stock else ""
        numbers = (right.mean, right.deviation, min(right.values), max(right.values))
        table.add_row(
            _name_few(one, examples),
            str(one.draws[0].messages),
            *(_percent(number) for number in numbers),
            stock,
        )
    for name, counts in _single(figures):
        table.add_row(name, str(counts.messages), _percent(counts.accuracy))
    return table


def _tabulate_outcomes(figures: Figures, examples: int) -> Table:
    table = Table(title="What the shipped rule makes of them, percent", title_justify="left")
    for column in ("what", *_OUTCOMES):
        table.add_column(column, justify="left" if column == "what" else "right")
    rows = [(_name_few(one, examples), one.draws) for one in figures.few]
    rows += [(name, (counts,)) for name, counts in _single(figures)]
    for name, draws in rows:
        shares = (
            statistics.fmean(one.share(count(one)) for one in draws) for count in _OUTCOMES.values()
        )
        table.add_row(name, *(_percent(share) for share in shares))
    return table


def _tabulate_outside(clinc: ClincFigures) -> Table:
    outside = clinc.out_of_scope
    table = Table(title="CLINC150 out of scope, percent", title_justify="left")
    row = {
        "messages": str(outside.messages),
        "rejected": _percent(outside.share(outside.rejected)),
        "asked": _percent(outside.share(outside.asked)),
        "taken for several": _percent(outside.share(outside.split)),
        "answered": _percent(outside.share(outside.answered)),
        "AUROC": f"{clinc.auroc:.4f}",
    }
    for column in row:
        table.add_column(column, justify="right")
    table.add_row(*row.values())
    return table


def _tabulate_aims(aims: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(title="Aims", title_justify="left")
    for column in ("what", "is", "must be", "met"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for aim in aims:
        met = "[green]yes[/green]" if aim["met"] else "[red]no[/red]"
        table.add_row(aim["name"], f"{aim['value']:.2f}", aim["must_be"], met)
    return table


def list_remarks(figures: Figures, document: Mapping[str, Any]) -> Iterator[str]:
    """Say what one must know to read the tables."""
    if document["dev"]:
        yield (
            "Development: the test messages were left alone. BANKING77 is tested on every fifth "
            "training message of a label, CLINC150 on its validation messages."
        )
    if figures.few:
        seeds = ", ".join(str(seed) for seed in document["seeds"])
        yield (
            f"Few examples: mean over random draws with the seeds {seeds}. *And its name*: the "
            "label's name in words is one more message, as an article has its title; published "
            "figures do not use it."
        )
    if clinc := figures.clinc:
        inside, outside = clinc.in_scope, clinc.out_of_scope
        kept = inside.share(inside.answered_right + inside.asked_right)
        unanswered = outside.share(outside.rejected + outside.asked)
        yield (
            "The aims count a question back as neither right nor caught. With it, "
            f"{_percent(kept)} % of the messages in scope are answered or offered the right "
            f"label, and {_percent(unanswered)} % of those out of scope get no answer."
        )
    for one in figures.few:
        if one.stock:
            yield _tell_stock(one.stock)


def _tell_stock(stock: StockUnderstanding) -> str:
    training = stock.training
    when = f"measured on {training.date}" if stock.reused else "measured in this run"
    return (
        "Stock Rasa: its default pipeline on the first draw's messages, all 100 epochs, "
        f"{training.wall_s:.0f} s of training ({training.cpu_s:.0f} s of processor time), {when}."
    )


def _single(figures: Figures) -> Iterator[tuple[str, InScope]]:
    if figures.full:
        yield "BANKING77, all training messages", figures.full
    if figures.clinc:
        yield "CLINC150, in scope", figures.clinc.in_scope


def _name_few(one: FewExamples, examples: int) -> str:
    return f"BANKING77, {examples} a label" + (" and its name" if one.named else "")


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"
