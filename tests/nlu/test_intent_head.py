from dataclasses import replace

import numpy as np
import pytest

from bot.nlu.intent_head import BLOCK, SHORTLIST, Opinions, View, join
from bot.nlu.neighbours import Neighbours
from bot.nlu.prototypes import Prototypes
from bot.nlu.rejection import SIGNALS
from bot.nlu.softmax import fit_linear
from tests.nlu.samples import DIMS, make_samples

SAMPLES = make_samples({f"label{number}": 3 for number in range(15)}, spread=0.1)
N_LABELS = 15


@pytest.fixture(scope="module")
def opinions() -> Opinions:
    joints = join(SAMPLES.vectors, np.zeros((45, 2), dtype=np.float32), 1.0)
    return Opinions(
        fit_linear(joints, SAMPLES.targets, N_LABELS, inverse_regularisation=20.0),
        Prototypes.of(SAMPLES.vectors, SAMPLES.targets, N_LABELS),
        Neighbours.of(joints, SAMPLES.targets, N_LABELS),
        0.3,
    )


def view_of(*logs: float) -> View:
    """A view of labels 0, 1, 2 … with these log-probabilities."""
    nearest = np.linspace(0.9, 0.5, len(logs), dtype=np.float32)
    return View(np.arange(len(logs)), np.array(logs, dtype=np.float32), nearest, 4.0)


def test_the_lexical_vector_is_scaled_and_stands_behind() -> None:
    joint = join(np.ones((2, 3), np.float32), np.ones((2, 2), np.float32), 0.5)
    np.testing.assert_array_equal(joint, [[1, 1, 1, 0.5, 0.5]] * 2)
    assert joint.dtype == np.float32


def test_the_shortlist_holds_the_best_labels(opinions: Opinions) -> None:
    joints = join(SAMPLES.vectors, np.zeros((45, 2), dtype=np.float32), 1.0)
    for view, scores in zip(opinions.look(joints), opinions.scores(joints), strict=True):
        assert set(view.shortlist) == set(np.argsort(-scores)[:SHORTLIST])
        assert np.exp(view.logs).sum() == pytest.approx(1, abs=1e-5)


def test_each_message_is_seen_alone(opinions: Opinions) -> None:
    repeats = np.tile(SAMPLES.vectors, (BLOCK // 45 + 2, 1))
    joints = join(repeats, np.zeros((len(repeats), 2), dtype=np.float32), 1.0)
    views = opinions.look(joints)
    assert len(views) == len(repeats) > BLOCK
    [alone] = opinions.look(joints[-1:])
    np.testing.assert_allclose(np.sort(views[-1].logs), np.sort(alone.logs), atol=1e-4)
    assert views[-1].energy == pytest.approx(alone.energy, abs=1e-4)


def test_a_vector_of_zeros_can_be_seen(opinions: Opinions) -> None:
    [view] = opinions.look(np.zeros((1, DIMS + 2), dtype=np.float32))
    assert np.isfinite(view.logs).all()
    assert np.isfinite(view.signals(rejected=-1)).all()


def test_a_temperature_above_one_makes_the_best_label_less_likely() -> None:
    view = view_of(-0.1, -2.5, -4.0)
    for temperature in (0.5, 1.0, 3.0):
        tempered = view.tempered(temperature)
        assert np.exp(tempered.logs).sum() == pytest.approx(1, abs=1e-5)
        assert tempered.best(rejected=-1) == 0
    assert view.tempered(3.0).logs[0] < view.tempered(1.0).logs[0] < view.tempered(0.5).logs[0]


def test_the_rejected_label_is_never_the_best() -> None:
    assert view_of(-0.1, -2.5, -4.0).best(rejected=0) == 1


def test_the_signals_are_as_they_are_named() -> None:
    signals = dict(zip(SIGNALS, view_of(-0.1, -2.5, -4.0).signals(rejected=-1), strict=True))
    assert signals == pytest.approx(
        {
            "log_probability": -0.1,
            "margin": 2.4,
            "energy": 4.0,
            "nearest": 0.9,
            "nearest_elsewhere": 0.7,
        }
    )


def test_the_rejected_label_speaks_against_the_best() -> None:
    signals = dict(zip(SIGNALS, view_of(-0.1, -2.5, -4.0).signals(rejected=0), strict=True))
    assert signals["margin"] == pytest.approx(-2.4)
    assert signals["nearest_elsewhere"] == pytest.approx(0.9)
    signals = dict(zip(SIGNALS, view_of(-0.1, -2.5, -4.0).signals(rejected=2), strict=True))
    assert signals["nearest_elsewhere"] == pytest.approx(0.5)


def test_a_rejected_label_that_is_not_on_the_shortlist_changes_nothing() -> None:
    view = replace(view_of(-0.1, -2.5), shortlist=np.array([4, 7]))
    np.testing.assert_array_equal(view.signals(rejected=9), view.signals(rejected=-1))


def test_with_a_crowd_the_signals_are_there_for_either_kind_of_label() -> None:
    view = view_of(-0.1, -2.5, -4.0)
    plain = view.signals(rejected=-1)
    lonely = replace(view, crowded=np.array([False, True, True])).signals(rejected=-1)
    crowded = replace(view, crowded=np.array([True, False, False])).signals(rejected=-1)
    np.testing.assert_array_equal(lonely, [*plain, 0, *(0 * plain)])
    np.testing.assert_array_equal(crowded, [*(0 * plain), 1, *plain])
