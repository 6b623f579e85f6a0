from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from bot.nlu.rejection import SIGNALS, Flags, Matrix, Rejection, believe_softmax, fit_rejection

N = 4_000


def held_out(n_wrong: int = N // 4) -> tuple[Matrix, Flags]:
    """Signals that are higher where the label is right, each on a scale of its own."""
    generator = np.random.default_rng(7)
    right = np.arange(N) >= n_wrong
    signals = generator.normal(size=(N, len(SIGNALS))) + 1.5 * right[:, None]
    scales = np.array([1.0, 5.0, 0.1, 20.0, 0.01])
    return (signals * scales).astype(np.float32), right


def test_a_confidence_is_how_often_it_is_right() -> None:
    signals, right = held_out()
    confidence = fit_rejection(signals[::2], right[::2]).confidence(signals[1::2])
    assert confidence.mean() == pytest.approx(right[1::2].mean(), abs=0.02)
    unsure = (confidence > 0.3) & (confidence < 0.7)
    assert confidence[unsure].mean() == pytest.approx(right[1::2][unsure].mean(), abs=0.1)


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.94, 0.965, 1.0])
def test_a_threshold_keeps_the_share_that_it_is_asked_for(keep: float) -> None:
    signals, right = held_out()
    rejection = fit_rejection(signals, right)
    kept = rejection.confidence(signals[right]) >= rejection.threshold(keep) - 1e-6
    assert kept.mean() == pytest.approx(keep, abs=0.002)


def test_keeping_more_means_a_lower_threshold() -> None:
    rejection = fit_rejection(*held_out())
    thresholds = [rejection.threshold(keep) for keep in np.linspace(0, 1, 51)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert 0 <= thresholds[-1] < thresholds[0] <= 1


@pytest.mark.parametrize("n_wrong", [0, 4, N - 4, N])
def test_with_too_few_of_either_outcome_the_probabilities_are_believed(n_wrong: int) -> None:
    rejection = fit_rejection(*held_out(n_wrong))
    line = rejection.threshold(0.94)
    assert {rejection.threshold(keep) for keep in (0.0, 0.5, 1.0)} == {line}
    shares = [(0.9, 0.05), (0.55, 0.4), (0.4, 0.1), (0.3, 0.25), (0.1, 0.09), (0.2, 0.7)]
    signals = np.zeros((len(shares), len(SIGNALS)), dtype=np.float32)
    signals[:, SIGNALS.index("log_probability")] = [np.log(first) for first, _ in shares]
    signals[:, SIGNALS.index("margin")] = [np.log(first / second) for first, second in shares]
    believed = rejection.confidence(signals) >= line
    assert list(believed) == [True, True, True, False, False, False]


def test_half_of_the_probability_is_as_sure_as_its_lead() -> None:
    signals = np.zeros((1, len(SIGNALS)), dtype=np.float32)
    signals[0, SIGNALS.index("log_probability")] = np.log(0.5)
    signals[0, SIGNALS.index("margin")] = 1.3
    assert believe_softmax().confidence(signals)[0] == pytest.approx(expit(1.3), abs=1e-5)


def test_signals_that_never_change_are_no_obstacle() -> None:
    signals, right = held_out()
    signals[:, 2] = 3.0
    rejection = fit_rejection(signals, right)
    assert np.isfinite(rejection.weights).all()
    assert rejection.confidence(signals[right]).mean() > rejection.confidence(signals).mean()


def test_extreme_signals_give_a_confidence_between_none_and_full() -> None:
    rejection = fit_rejection(*held_out())
    extremes = np.array([[-1e6] * 5, [1e6] * 5], dtype=np.float32)
    low, high = rejection.confidence(extremes)
    assert 0 <= low < high <= 1


def test_a_stored_rule_is_the_same(tmp_path: Path) -> None:
    signals, right = held_out()
    rejection = fit_rejection(signals, right)
    rejection.save(tmp_path)
    loaded = Rejection.load(tmp_path)
    np.testing.assert_allclose(loaded.confidence(signals), rejection.confidence(signals), atol=1e-6)
    assert loaded.threshold(0.94) == rejection.threshold(0.94)


def test_the_believed_probabilities_look_at_no_more_signals_than_there_always_are() -> None:
    signals, _ = held_out()
    more = np.hstack([signals, np.ones((N, 6), dtype=np.float32)])
    np.testing.assert_array_equal(
        believe_softmax().confidence(more), believe_softmax().confidence(signals)
    )


def test_a_monotone_rule_never_doubts_for_being_nearer() -> None:
    signals, right = held_out()
    nearest = SIGNALS.index("nearest")
    signals[:, nearest] *= -1
    free, monotone = (fit_rejection(signals, right, monotone=flag) for flag in (False, True))
    assert free.weights[nearest] < 0
    assert monotone.weights[nearest] == 0
    assert (monotone.weights[[0, 1, 2]] > 0).all()
    assert monotone.weights[SIGNALS.index("nearest_elsewhere")] <= 0


def test_a_monotone_rule_is_the_free_one_where_the_signals_speak_as_they_should() -> None:
    signals, right = held_out()
    signals[:, SIGNALS.index("nearest_elsewhere")] *= -1
    free, monotone = (fit_rejection(signals, right, monotone=flag) for flag in (False, True))
    np.testing.assert_allclose(monotone.confidence(signals), free.confidence(signals), atol=5e-3)
