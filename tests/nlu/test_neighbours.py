import numpy as np

from bot.nlu.neighbours import BANDWIDTH, Neighbours
from tests.nlu.samples import DIMS, make_samples

SAMPLES = make_samples({"a": 7, "b": 1, "c": 12})


def test_density_and_nearest_are_those_of_all_examples() -> None:
    shuffled = np.random.default_rng(2).permutation(len(SAMPLES.labels))
    vectors, targets = 3 * SAMPLES.vectors[shuffled], SAMPLES.targets[shuffled]
    neighbours = Neighbours.of(vectors, targets, 3)
    for vector in make_samples({"a": 3, "b": 3, "c": 3}, draw=1).vectors:
        logs, nearest = neighbours.look(5 * vector, np.array([2, 0, 1]))
        for place, label in enumerate([2, 0, 1]):
            cosines = SAMPLES.vectors[SAMPLES.targets == label] @ vector
            density = np.exp((cosines - 1) / BANDWIDTH).sum()
            np.testing.assert_allclose(logs[place], np.log(density + 1e-6), rtol=1e-3)
            np.testing.assert_allclose(nearest[place], cosines.max(), atol=1e-5)


def test_only_the_labels_asked_for_are_looked_at() -> None:
    neighbours = Neighbours.of(SAMPLES.vectors, SAMPLES.targets, 3)
    logs, nearest = neighbours.look(SAMPLES.vectors[7], np.array([1]))
    assert (logs.shape, nearest.shape) == ((1,), (1,))
    np.testing.assert_allclose(nearest, [1.0], atol=1e-5)


def test_a_label_without_examples_is_as_far_as_can_be() -> None:
    neighbours = Neighbours.of(SAMPLES.vectors, SAMPLES.targets, 5)
    logs, nearest = neighbours.look(SAMPLES.vectors[0], np.array([0, 3, 4]))
    assert list(nearest[1:]) == [-1.0, -1.0]
    assert np.isfinite(logs).all()
    assert logs[0] > logs[1] == logs[2]


def test_a_vector_of_zeros_is_far_from_everything() -> None:
    neighbours = Neighbours.of(SAMPLES.vectors, SAMPLES.targets, 3)
    logs, nearest = neighbours.look(np.zeros(DIMS, dtype=np.float32), np.array([0, 1, 2]))
    assert np.isfinite(logs).all()
    np.testing.assert_array_equal(nearest, [0, 0, 0])


def test_bytes_change_next_to_nothing() -> None:
    neighbours = Neighbours.of(SAMPLES.vectors, SAMPLES.targets, 3)
    small = neighbours.in_bytes()
    assert small.vectors.nbytes * 4 == neighbours.vectors.nbytes
    for vector in make_samples({"a": 3, "b": 3, "c": 3}, draw=1).vectors:
        _, nearest = neighbours.look(vector, np.array([0, 1, 2]))
        logs, of_bytes = small.look(vector, np.array([0, 1, 2]))
        assert logs.dtype == np.float32
        np.testing.assert_allclose(of_bytes, nearest, atol=5e-3)
