from pathlib import Path

import numpy as np
import pytest

from bot.errors import WorkFailed
from bot.nlu.linear_head import LinearHead, Matrix, out_of_fold_scores, train_head

DIMS = 16


def clouds(
    sizes: dict[str, int], *, spread: float = 0.35, seed: int = 1
) -> tuple[Matrix, list[str]]:
    """Unit vectors around one random centre a label."""
    generator = np.random.default_rng(seed)
    vectors, labels = [], []
    for label, size in sizes.items():
        centre = generator.normal(size=DIMS)
        centre /= np.linalg.norm(centre)
        vectors.append(centre + spread * generator.normal(size=(size, DIMS)))
        labels += [label] * size
    stacked = np.vstack(vectors).astype(np.float32)
    return stacked / np.linalg.norm(stacked, axis=1, keepdims=True), labels


def train(sizes: dict[str, int], *, spread: float = 0.35) -> tuple[LinearHead, Matrix, list[str]]:
    vectors, labels = clouds(sizes, spread=spread)
    return train_head(vectors, labels, inverse_regularisation=10.0, seed=42), vectors, labels


@pytest.mark.parametrize("sizes", [{"a": 9, "b": 9}, {"a": 9, "b": 9, "c": 1}, {"a": 1, "b": 1}])
def test_the_probabilities_of_a_text_sum_to_one(sizes: dict[str, int]) -> None:
    head, vectors, _ = train(sizes)
    probabilities = head.predict(vectors)
    assert probabilities.shape == (len(vectors), len(sizes))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("sizes", [{"a": 30, "b": 30}, {"a": 30, "b": 30, "c": 30}])
def test_it_tells_labels_apart(sizes: dict[str, int]) -> None:
    head, vectors, labels = train(sizes, spread=0.1)
    found = [head.labels[index] for index in head.predict(vectors).argmax(axis=1)]
    assert found == labels


def test_one_label_is_not_enough() -> None:
    vectors, labels = clouds({"a": 5})
    with pytest.raises(WorkFailed, match="at least two labels, the data has 1"):
        train_head(vectors, labels, inverse_regularisation=10.0, seed=42)


def test_a_probability_is_how_often_it_is_right() -> None:
    vectors, labels = clouds({"a": 200, "b": 200, "c": 200}, spread=0.5)
    seen, new = slice(0, None, 2), slice(1, None, 2)
    head = train_head(vectors[seen], labels[seen], inverse_regularisation=10.0, seed=42)
    probabilities = head.predict(vectors[new])
    right = [head.labels[index] for index in probabilities.argmax(axis=1)] == np.array(labels[new])
    assert probabilities.max(axis=1).mean() == pytest.approx(float(np.mean(right)), abs=0.05)


def test_one_new_label_with_one_message_leaves_the_calibration_as_it_was() -> None:
    before, _, _ = train({"a": 40, "b": 40, "c": 40}, spread=0.5)
    after, _, _ = train({"a": 40, "b": 40, "c": 40, "new": 1}, spread=0.5)
    assert after.temperature == pytest.approx(before.temperature, rel=0.1)


def test_the_only_message_of_a_label_is_never_held_out() -> None:
    vectors, labels = clouds({"a": 6, "b": 1, "c": 2})
    targets = np.array([["a", "b", "c"].index(label) for label in labels])
    scores, held_out = out_of_fold_scores(vectors, targets, 10.0, 42)
    assert scores.shape == (9, 3)
    assert list(held_out) == [True] * 6 + [False] + [True] * 2


def test_training_again_gives_the_same_head() -> None:
    first, vectors, _ = train({"a": 9, "b": 7, "c": 2})
    second, _, _ = train({"a": 9, "b": 7, "c": 2})
    np.testing.assert_array_equal(first.predict(vectors), second.predict(vectors))


def test_a_stored_head_predicts_the_same(tmp_path: Path) -> None:
    head, vectors, _ = train({"a": 9, "faq/b": 9, "ü": 9})
    head.save(tmp_path)
    loaded = LinearHead.load(tmp_path)
    assert loaded.labels == ("a", "faq/b", "ü")
    np.testing.assert_allclose(loaded.predict(vectors), head.predict(vectors), atol=1e-6)
