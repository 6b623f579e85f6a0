import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from bot.nlu.softmax import MANY_LABELS, fit_linear, sum_by_label
from tests.nlu.samples import make_samples


@pytest.mark.parametrize(
    "sizes", [{"a": 30, "b": 30}, {"a": 40, "b": 25, "c": 5}, {"a": 12, "b": 1, "c": 3, "d": 1}]
)
@pytest.mark.parametrize("inverse_regularisation", [0.5, 20.0])
def test_it_agrees_with_scikit_learn(sizes: dict[str, int], inverse_regularisation: float) -> None:
    samples = make_samples(sizes, spread=0.5)
    theirs = LogisticRegression(
        C=inverse_regularisation, class_weight="balanced", multi_class="multinomial", max_iter=1000
    ).fit(samples.vectors, samples.targets)
    ours = fit_linear(
        samples.vectors,
        samples.targets,
        len(sizes),
        inverse_regularisation=inverse_regularisation,
    )
    new = make_samples(sizes, spread=0.5, draw=1).vectors
    probabilities = softmax(ours.scores(new), axis=1)
    expected = theirs.predict_proba(new)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), expected.argmax(axis=1))
    np.testing.assert_allclose(probabilities, expected, atol=0.02)


def test_a_label_with_one_example_counts_as_much_as_one_with_many() -> None:
    samples = make_samples({"a": 200, "b": 1}, spread=0.2)
    linear = fit_linear(samples.vectors, samples.targets, 2, inverse_regularisation=20.0)
    assert linear.scores(samples.vectors[-1:]).argmax() == 1


def test_a_label_without_examples_is_never_the_best() -> None:
    samples = make_samples({"a": 9, "b": 9})
    linear = fit_linear(samples.vectors, samples.targets, 3, inverse_regularisation=20.0)
    assert linear.weights.shape == (3, samples.vectors.shape[1])
    assert set(linear.scores(samples.vectors).argmax(axis=1)) == {0, 1}


def test_fitting_again_gives_the_same_weights() -> None:
    samples = make_samples({"a": 9, "b": 7, "c": 2})
    fits = [
        fit_linear(samples.vectors, samples.targets, 3, inverse_regularisation=20.0)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(fits[0].weights, fits[1].weights)
    np.testing.assert_array_equal(fits[0].biases, fits[1].biases)


def test_sums_are_those_of_each_label() -> None:
    vectors = np.array([[1, 2], [3, 4], [10, 20]], dtype=np.float32)
    sums = sum_by_label(vectors, np.array([2, 0, 2]), 3)
    np.testing.assert_array_equal(sums, [[3, 4], [0, 0], [11, 22]])


def test_thousands_of_labels_are_their_means() -> None:
    generator = np.random.default_rng(3)
    centres = generator.normal(size=(10_000, 24)).astype(np.float32)
    targets = np.repeat(np.arange(10_000), 2)
    vectors = centres[targets] + generator.normal(size=(20_000, 24), scale=0.1).astype(np.float32)
    linear = fit_linear(vectors, targets, 10_000, inverse_regularisation=20.0)
    directions = linear.weights / np.linalg.norm(linear.weights, axis=1, keepdims=True)
    means = (vectors[::2] + vectors[1::2]) / np.float32(2)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    np.testing.assert_allclose(directions, means, atol=1e-5)
    found = linear.scores(centres[:500] / np.linalg.norm(centres[:500], axis=1, keepdims=True))
    assert (found.argmax(axis=1) == np.arange(500)).mean() > 0.99


def test_means_begin_where_labels_are_many() -> None:
    vectors = np.eye(8, dtype=np.float32)[np.arange(MANY_LABELS) % 8]
    linear = fit_linear(vectors, np.arange(MANY_LABELS), MANY_LABELS, inverse_regularisation=20.0)
    np.testing.assert_allclose(linear.weights, 20.0 * vectors)
    assert not linear.biases.any()
