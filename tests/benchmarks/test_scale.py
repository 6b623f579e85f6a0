import os

import pytest

from tests.benchmarks.processes import resident_mb
from tests.benchmarks.report import Figures, list_remarks, scale_budgets
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.scale import HelpCenter, Understood
from tests.benchmarks.timing import Summary
from tests.benchmarks.training import Training


def help_center(articles: int, *, median_ms: float, memory_mb: float) -> HelpCenter:
    return HelpCenter(
        articles,
        Training(30.0, 40.0, "2026-01-02"),
        memory_mb,
        Summary(10, median_ms, median_ms),
        Understood(asked=200, answered=150, offered=20),
    )


@pytest.fixture
def figures() -> Figures:
    turn = Summary(1, 1.0, 1.0)
    return Figures(
        rounds=Rounds(turn, {}),
        early_turns=turn,
        late_turns=turn,
        scale=(
            help_center(10, median_ms=20.0, memory_mb=600.0),
            help_center(10_000, median_ms=28.0, memory_mb=710.0),
        ),
    )


def test_many_articles_are_held_against_few(figures: Figures) -> None:
    turn, memory = scale_budgets(figures)

    assert (turn.name, turn.met) == ("answer turn: 10,000 articles against 10", True)
    assert turn.value == pytest.approx(1.4)
    assert (memory.value, memory.met) == (110.0, False)


def test_each_help_center_tells_what_training_took_and_what_was_found(figures: Figures) -> None:
    many = list_remarks(figures)[-1]

    assert many.startswith("10,000 articles: trained in 30 s (40 s of processor time), 710 MB")
    assert "of 200 questions in new words, 150 were answered" in many


def test_a_process_says_what_memory_it_holds() -> None:
    assert 1 < resident_mb(os.getpid()) < 10_000
