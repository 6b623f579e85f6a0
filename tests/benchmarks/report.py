"""The figures, the ratios that the budgets of `docs/architecture.md` are about, and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.messages import Kind
from tests.benchmarks.order_lookups import FEW, LookUps
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.scale import HelpCenter
from tests.benchmarks.timing import Summary
from tests.benchmarks.training import Training

GATEWAY, BRAIN = "our bot, through the gateway", "our brain alone"
STOCK_ACTION, STOCK_UTTER = "stock Rasa, rule and action", "stock Rasa, utter_faq"
STOCK = (STOCK_ACTION, STOCK_UTTER)

_ORDER_KINDS = (Kind.STATUS, Kind.DETAILS)


@dataclass(frozen=True)
class Budget:
    """A ratio or a time and what it must be; `at_most` tells which side is the good one."""

    name: str
    value: float
    limit: float
    at_most: bool
    unit: str = "x"

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return the budget as the report holds it."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "must_be": f"{'<=' if self.at_most else '>='} {self.limit:g} {self.unit}",
            "met": self.met,
        }


@dataclass(frozen=True)
class Figures:
    """All that one run has measured; None is what it left out."""

    rounds: Rounds
    early_turns: Summary
    late_turns: Summary
    our_training: Training | None = None
    stock_training: Training | None = None
    stock_is_current: bool = True
    schema_check_ms: float | None = None
    swap_s: float | None = None
    scale: Sequence[HelpCenter] = ()
    look_ups: Sequence[LookUps] = ()


def list_budgets(figures: Figures) -> list[Budget]:
    """Return each budget that the run can say something about."""
    return [
        *_answer_budgets(figures),
        *_order_budgets(figures),
        Budget(
            "turn 500 of a conversation / turn 5",
            figures.late_turns.median_ms / figures.early_turns.median_ms,
            1.2,
            at_most=True,
        ),
        *_training_budgets(figures),
        *_swap_budgets(figures),
        *scale_budgets(figures),
        *look_up_budgets(figures),
    ]


def _answer_budgets(figures: Figures) -> Iterator[Budget]:
    ours = _median(figures, GATEWAY, Kind.ANSWER)
    yield Budget(
        "answer turn / encoder's forward pass",
        ours / figures.rounds.encoder.median_ms,
        3,
        at_most=True,
    )
    if stock := _fastest_stock(figures, Kind.ANSWER):
        yield Budget("answer turn, faster stock bot / ours", stock / ours, 3, at_most=False)


def _order_budgets(figures: Figures) -> Iterator[Budget]:
    for kind in _ORDER_KINDS:
        if stock := _fastest_stock(figures, kind):
            ours = _median(figures, GATEWAY, kind)
            yield Budget(f"{kind} turn, faster stock bot / ours", stock / ours, 4, at_most=False)


def _training_budgets(figures: Figures) -> Iterator[Budget]:
    ours, stock = figures.our_training, figures.stock_training
    if ours:
        yield Budget("training from the command line", ours.wall_s, 45, at_most=True, unit="s")
    if ours and stock:
        yield Budget("training, stock / ours", stock.wall_s / ours.wall_s, 5, at_most=False)


def _swap_budgets(figures: Figures) -> Iterator[Budget]:
    if figures.swap_s is not None:
        yield Budget("longest turn during a promotion", figures.swap_s, 2, at_most=True, unit="s")


def scale_budgets(figures: Figures) -> Iterator[Budget]:
    """Hold the most articles against the fewest."""
    if not figures.scale:
        return
    few, *_, many = figures.scale
    sizes = f"{many.articles:,} articles against {few.articles}"
    yield Budget(
        f"answer turn: {sizes}",
        many.turns.median_ms / few.turns.median_ms,
        1.5,
        at_most=True,
    )
    yield Budget(
        f"memory of the brain: {sizes}",
        many.memory_mb - few.memory_mb,
        100,
        at_most=True,
        unit="MB",
    )


def look_up_budgets(figures: Figures) -> Iterator[Budget]:
    """Hold look-ups among many orders against those among few."""
    for one in figures.look_ups:
        name = f"{one.database}, {one.kind}: {one.orders:,} orders against {FEW:,}"
        yield Budget(name, one.ratio, 1.5, at_most=True)


def list_remarks(figures: Figures) -> list[str]:
    """Return what one must know to read the ratios."""
    remarks = []
    if figures.schema_check_ms is not None:
        remarks.append(_tell_schema_check(figures, figures.schema_check_ms))
    ours, stock = figures.our_training, figures.stock_training
    if ours and stock:
        remarks.append(
            f"Training took ours {ours.wall_s:.0f} s ({ours.cpu_s:.0f} s of processor time) in "
            f"this run, stock {stock.wall_s:.0f} s ({stock.cpu_s:.0f} s) on {stock.date}."
        )
    remarks += [_tell_scale(one) for one in figures.scale]
    if not figures.stock_is_current:
        remarks.append("The stock models were trained on an earlier state of the data.")
    return remarks


def _tell_schema_check(figures: Figures, check_ms: float) -> str:
    ratios = ", ".join(
        f"{kind} {(_fastest_stock(figures, kind) - check_ms) / _median(figures, GATEWAY, kind):.1f}"
        for kind in _ORDER_KINDS
    )
    return (
        f"Of each stock action, {check_ms:.1f} ms is Rasa's check of the schema with the installed "
        f"jsonschema; older versions, which Rasa asks for, are faster. With no check at all the "
        f"ratios would be: {ratios}."
    )


def _tell_scale(one: HelpCenter) -> str:
    training, understood = one.training, one.understood
    return (
        f"{one.articles:,} articles: trained in {training.wall_s:.0f} s ({training.cpu_s:.0f} s of "
        f"processor time), {one.memory_mb:.0f} MB, turns of {one.turns.median_ms:.1f} ms; of "
        f"{understood.asked} questions in new words, {understood.answered} were answered from the "
        f"right article and {understood.offered} got it offered."
    )


def to_json(figures: Figures) -> dict[str, Any]:
    """Return the figures, budgets and remarks as JSON values."""
    return {
        "figures": {
            "encoder forward pass": figures.rounds.encoder.as_json(),
            **{
                f"{name}: {kind} turn": summary.as_json()
                for name, kinds in figures.rounds.turns.items()
                for kind, summary in kinds.items()
            },
            "our bot, turns 3 to 7": figures.early_turns.as_json(),
            "our bot, turns 498 to 502": figures.late_turns.as_json(),
        },
        "training": {
            "ours": figures.our_training and figures.our_training.as_json(),
            "stock": figures.stock_training and figures.stock_training.as_json(),
        },
        "stock_schema_check_ms": figures.schema_check_ms,
        "scale": [one.as_json() for one in figures.scale],
        "order_look_ups": [one.as_json() for one in figures.look_ups],
        "budgets": [budget.as_json() for budget in list_budgets(figures)],
        "remarks": list_remarks(figures),
    }


def print_tables(document: Mapping[str, Any], console: Console) -> None:
    """Print the report for people."""
    table = Table(title="Milliseconds")
    for column in ("what", "turns", "median", "p99", "wrong answers"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, summary in document["figures"].items():
        table.add_row(
            name,
            str(summary["turns"]),
            f"{summary['median_ms']:.2f}",
            f"{summary['p99_ms']:.2f}",
            str(summary["wrong"]) if summary["wrong"] else "",
        )
    console.print(table)
    budgets = Table(title="Budgets")
    for column in ("what", "is", "must be", "met"):
        budgets.add_column(column, justify="left" if column == "what" else "right")
    for budget in document["budgets"]:
        met = "[green]yes[/green]" if budget["met"] else "[red]no[/red]"
        budgets.add_row(budget["name"], f"{budget['value']:.2f}", budget["must_be"], met)
    console.print(budgets)
    for remark in document["remarks"]:
        console.print(remark)


def _median(figures: Figures, name: str, kind: Kind) -> float:
    return figures.rounds.turns[name][kind].median_ms


def _fastest_stock(figures: Figures, kind: Kind) -> float:
    """The faster stock bot's median, 0 if none was measured."""
    found = [_median(figures, name, kind) for name in STOCK if name in figures.rounds.turns]
    return min(found, default=0.0)
