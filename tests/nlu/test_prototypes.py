import numpy as np

from bot.nlu.prototypes import Prototypes
from tests.nlu.samples import make_samples

SAMPLES = make_samples({"a": 20, "b": 1, "c": 4}, spread=0.1)


def test_the_means_are_those_of_the_labels() -> None:
    prototypes = Prototypes.of(SAMPLES.vectors, SAMPLES.targets, 3)
    for label in range(3):
        expected = SAMPLES.vectors[SAMPLES.targets == label].mean(axis=0)
        np.testing.assert_allclose(prototypes.means[label], expected, atol=1e-6)


def test_the_fewer_examples_a_label_has_the_more_it_gains() -> None:
    prototypes = Prototypes.of(SAMPLES.vectors, SAMPLES.targets, 3)
    bonus = prototypes.bonus(prototypes.means)
    assert bonus[1, 1] > bonus[2, 2] > bonus[0, 0] > 0


def test_what_is_unlike_a_label_gains_it_nothing() -> None:
    prototypes = Prototypes.of(SAMPLES.vectors, SAMPLES.targets, 3)
    assert not prototypes.bonus(-prototypes.means).diagonal().any()


def test_a_label_without_examples_gains_nothing() -> None:
    prototypes = Prototypes.of(SAMPLES.vectors, SAMPLES.targets, 4)
    assert not prototypes.bonus(SAMPLES.vectors)[:, 3].any()
