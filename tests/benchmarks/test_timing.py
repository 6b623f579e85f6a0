import pytest

from tests.benchmarks.timing import summarise


def test_p99_is_a_duration_that_was_measured() -> None:
    summary = summarise([number / 1000 for number in range(1, 201)])

    assert summary.p99_ms == pytest.approx(198)
    assert summary.median_ms == pytest.approx(100.5)


def test_p99_of_few_durations_is_the_longest() -> None:
    assert summarise([0.003, 0.001, 0.002]).p99_ms == pytest.approx(3)


def test_no_durations_have_no_summary() -> None:
    with pytest.raises(ValueError, match="no durations"):
        summarise([])
