from typing import Any

import pytest

from tests.benchmarks.understanding_scores import (
    InScope,
    OutOfScope,
    Spread,
    best_label,
    count_in_scope,
    count_out_of_scope,
    separate,
)


def meaning(
    intent: str, *ranking: str, clarify: tuple[str, ...] = (), sure: float = 0.5, parts: int = 0
) -> dict[str, Any]:
    return {
        "intent": intent,
        "confidence": sure,
        "ranking": [{"intent": label, "confidence": 0.1} for label in ranking or (intent,)],
        "clarify": list(clarify),
        "parts": [{}] * parts,
    }


def test_every_message_in_scope_has_one_outcome() -> None:
    meanings = [
        meaning("a"),
        meaning("b"),
        meaning("a", clarify=("b", "a")),
        meaning("b", clarify=("b", "c")),
        meaning("a", parts=2),
        meaning("out_of_scope", "out_of_scope", "a"),
    ]

    counts = count_in_scope(meanings, ["a"] * 6)

    assert counts == InScope(
        messages=6,
        best_right=4,
        answered_right=1,
        answered_wrong=1,
        asked_right=1,
        asked_wrong=1,
        split=1,
        rejected=1,
    )
    assert counts.accuracy == pytest.approx(4 / 6)


def test_only_a_rejection_is_right_for_what_is_out_of_scope() -> None:
    meanings = [
        meaning("out_of_scope", "a"),
        meaning("a", clarify=("a", "b")),
        meaning("a", parts=2),
        meaning("a"),
    ]

    assert count_out_of_scope(meanings) == OutOfScope(4, rejected=1, asked=1, split=1, answered=1)


def test_the_best_label_is_one_that_could_be_answered() -> None:
    assert best_label(meaning("out_of_scope", "out_of_scope", "a", "b")) == "a"
    assert best_label(meaning("out_of_scope", "out_of_scope")) is None


def test_separation_is_perfect_when_every_right_one_is_surer_than_all_outside() -> None:
    right, wrong = meaning("a", sure=0.9), meaning("b", sure=0.1)
    outside = [meaning("a", sure=0.2), meaning("a", sure=0.3)]

    assert separate([right, wrong], ["a", "a"], outside) == 1.0


def test_separation_is_chance_when_both_are_as_sure() -> None:
    assert separate([meaning("a")], ["a"], [meaning("a")]) == 0.5


def test_a_spread_tells_how_far_the_draws_are_apart() -> None:
    spread = Spread((0.8, 0.9))

    assert spread.as_json() == {
        "mean": 0.85,
        "standard_deviation": 0.07071,
        "min": 0.8,
        "max": 0.9,
        "values": [0.8, 0.9],
    }
    assert Spread((0.8,)).deviation == 0
