"""Which label was taken for which: the matrix of a test set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.measures import Confusion
from bot.evaluation.outcomes import Outcome
from bot.evaluation.shares import Share


@dataclass(frozen=True)
class Cell:
    """Messages of the row's label that got the column's.

    Attributes:
        share: Of the row's messages.
        is_right: Whether row and column are the same label.
        group: The place, from 1, of these messages in the list of confusions; 0 for none.
    """

    share: Share
    is_right: bool
    group: int


@dataclass(frozen=True)
class Matrix:
    """One row a label of the test set and one column a label of either side, in one order.

    Attributes:
        columns: Labels that messages have or got.
        rows: Each row's label and its cells, one a column.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def arrange_matrix(outcomes: Sequence[Outcome], confusions: Sequence[Confusion]) -> Matrix:
    """Count every pair of labels; `confusions` are those of the same outcomes."""
    groups = {(one.label, one.given): number for number, one in enumerate(confusions, 1)}
    sizes = {pair: len(confusions[number - 1].outcomes) for pair, number in groups.items()}
    labels = sorted({outcome.message.label for outcome in outcomes})
    columns = tuple(sorted({*labels, *(given for _, given in groups)}))
    rows = []
    for label in labels:
        own = [outcome for outcome in outcomes if outcome.message.label == label]
        right = sum(outcome.is_right for outcome in own)
        cells = tuple(
            Cell(
                Share(right if given == label else sizes.get((label, given), 0), len(own)),
                given == label,
                groups.get((label, given), 0),
            )
            for given in columns
        )
        rows.append((label, cells))
    return Matrix(columns, tuple(rows))
