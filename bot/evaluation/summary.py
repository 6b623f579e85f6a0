"""An evaluation in a dozen lines, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.evaluation.evaluating import Evaluation
from bot.evaluation.measures import (
    count_questions,
    count_totals,
    tabulate_labels,
    tabulate_robustness,
)
from bot.evaluation.shares import Share

WEAKEST_SHOWN: Final = 5


def summarise(evaluation: Evaluation) -> list[str]:
    """Return one line a figure: the share, its count, and what it is."""
    lines = []
    for name, share in _list_figures(evaluation):
        percent = f"{100 * share.value:.1f} %" if share.of else "–"
        lines.append(f"{percent:>7}  {f'{share.count} of {share.of}':>12}  {name}")
    return lines


def _list_figures(evaluation: Evaluation) -> Iterator[tuple[str, Share]]:
    totals = count_totals(evaluation.clean)
    yield "right label", totals.right
    everything = tabulate_robustness(evaluation.outcomes)[0]
    for errors, share in list(zip(sorted(evaluation.outcomes), everything.right, strict=True))[1:]:
        yield f"  with {errors} typing error{'s' if errors > 1 else ''} in each", share
    for row in tabulate_labels(evaluation.clean)[:WEAKEST_SHOWN]:
        yield f"  of the weakest: {row.label}", row.recall
    yield "answered wrong without asking", totals.answered_wrong
    yield "of what is answered without asking, right", totals.answered_right
    yield "of what is not covered, turned away", totals.caught
    yield "of what is covered, turned away", totals.rejected
    yield "asked back", totals.asked
    yield "  with the right choice", totals.asked_well
    yield (
        "several questions, taken as asked and in order",
        count_questions(evaluation.two_questions).in_order,
    )
