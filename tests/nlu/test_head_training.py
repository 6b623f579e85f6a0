from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.errors import WorkFailed
from bot.nlu.head_training import HeadSettings, assign_folds, predict_held_out, train_head
from bot.nlu.intent_head import IntentHead, Verdict
from bot.nlu.labels import OUT_OF_SCOPE
from bot.nlu.softmax import MANY_LABELS
from tests.nlu.samples import Samples, make_samples

SETTINGS = HeadSettings(rejected_label=OUT_OF_SCOPE)
SIZES = {"a": 12, "faq/b": 9, "ü": 5, "out_of_scope": 20, "new": 1}


def train(samples: Samples, settings: HeadSettings = SETTINGS) -> IntentHead:
    return train_head(samples.texts, samples.vectors, samples.labels, settings)


def judge(head: IntentHead, samples: Samples) -> Sequence[Verdict]:
    return [
        head.judge(text, vector)
        for text, vector in zip(samples.texts, samples.vectors, strict=True)
    ]


def assert_same(first: Sequence[Verdict], second: Sequence[Verdict], *, atol: float) -> None:
    for one, other in zip(first, second, strict=True):
        assert one.labels == other.labels
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=atol)
        np.testing.assert_allclose(one.confidence, other.confidence, atol=atol)
        np.testing.assert_allclose(one.likeness, other.likeness, atol=atol)


@pytest.mark.parametrize(
    "sizes",
    [
        SIZES,
        {"a": 9, "b": 9},
        {"a": 1, "b": 1},
        {"a": 2, "b": 2},
        {"a": 40, "b": 1},
        {"faq/a": 3, "faq/b": 1, "faq/c": 2},
        {"a": 6, "out_of_scope": 6},
        {"a": 6, "out_of_scope": 1},
        {f"faq/{number}": 2 for number in range(30)},
    ],
    ids=lambda sizes: ",".join(str(size) for size in sizes.values())[:20],
)
def test_a_head_of_any_data_judges_any_message(sizes: Mapping[str, int]) -> None:
    samples = make_samples(sizes)
    head = train(samples)
    texts = [*samples.texts[:3], "", "?", "\x00", "我的订单", "x" * 2000]
    for text in texts:
        verdict = head.judge(text, samples.vectors[0])
        assert len(verdict.labels) == min(10, len(sizes))
        assert verdict.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert list(verdict.probabilities) == sorted(verdict.probabilities, reverse=True)
        assert 0 <= verdict.confidence <= 1
        assert -1 <= verdict.likeness <= 1 + 1e-5


@pytest.mark.parametrize("texts", [["?", "!", "?", "!"], [""] * 4, ["same"] * 4])
def test_texts_that_say_nothing_leave_the_decision_to_the_vectors(texts: list[str]) -> None:
    samples = make_samples({"a": 2, "b": 2}, spread=0.05)
    head = train(Samples(texts, samples.vectors, samples.labels))
    assert [verdict.labels[0] for verdict in judge(head, samples)] == list(samples.labels)


def test_it_tells_labels_apart_on_messages_it_has_not_seen() -> None:
    sizes = {"a": 20, "b": 20, "c": 20}
    head = train(make_samples(sizes, spread=0.2))
    new = make_samples(sizes, spread=0.2, draw=1)
    assert [verdict.labels[0] for verdict in judge(head, new)] == list(new.labels)


def test_a_stored_head_judges_the_same(tmp_path: Path) -> None:
    samples = make_samples(SIZES)
    head = train(samples)
    head.save(tmp_path)
    loaded = IntentHead.load(tmp_path)
    assert loaded.labels == ("a", "faq/b", "new", "out_of_scope", "ü")
    assert_same(judge(loaded, samples), judge(head, samples), atol=1e-5)


def test_training_again_gives_the_same_head() -> None:
    samples = make_samples(SIZES)
    assert_same(judge(train(samples), samples), judge(train(samples), samples), atol=0)


@pytest.mark.parametrize("sizes", [{}, {"a": 5}])
def test_fewer_than_two_labels_are_not_enough(sizes: Mapping[str, int]) -> None:
    samples = make_samples(sizes) if sizes else Samples([], np.zeros((0, 0), np.float32), [])
    with pytest.raises(WorkFailed, match=f"at least two labels, the data has {len(sizes)}"):
        train(samples)


def test_a_probability_is_how_often_it_is_right() -> None:
    sizes = {"a": 150, "b": 150, "c": 150}
    head = train(make_samples(sizes, spread=0.5))
    new = make_samples(sizes, spread=0.5, draw=1)
    verdicts = judge(head, new)
    right = [one.labels[0] == label for one, label in zip(verdicts, new.labels, strict=True)]
    claimed = [one.probabilities[0] for one in verdicts]
    assert np.mean(claimed) == pytest.approx(np.mean(right), abs=0.05)


def test_what_is_like_nothing_known_is_believed_less() -> None:
    sizes = {"a": 60, "b": 60, "c": 60, "out_of_scope": 60}
    head = train(make_samples(sizes, spread=0.4))
    known = make_samples({"a": 60, "b": 60, "c": 60}, spread=0.4, draw=1)
    strange = make_samples({"d": 60, "e": 60}, seed=99, spread=0.4)
    confidences = [
        np.mean([one.confidence for one in judge(head, samples)]) for samples in (known, strange)
    ]
    assert confidences[0] > confidences[1] + 0.2


def test_one_new_label_with_one_message_leaves_the_calibration_as_it_was() -> None:
    temperatures = []
    for sizes in ({"a": 60, "b": 60, "c": 60}, {"a": 60, "b": 60, "c": 60, "new": 1}):
        samples = make_samples(sizes, spread=0.6)
        texts = ["thing"] * len(samples.labels)
        temperatures.append(train(Samples(texts, samples.vectors, samples.labels)).temperature)
    assert temperatures[1] == pytest.approx(temperatures[0], rel=0.15)


def test_a_few_messages_without_a_mistake_are_no_reason_to_be_surer() -> None:
    assert train(make_samples({"a": 4, "b": 4}, spread=0.05)).temperature >= 1


def test_without_a_held_out_message_the_probabilities_stay_as_they_are() -> None:
    assert train(make_samples({"a": 1, "b": 1})).temperature == 1


def test_every_label_but_one_of_one_message_is_in_several_folds() -> None:
    targets = np.repeat([0, 1, 2, 3], [9, 1, 2, 400])
    folds = assign_folds(targets, 42)
    assert folds[targets == 1].tolist() == [-1]
    assert sorted(folds[targets == 2]) == [0, 1]
    assert np.bincount(folds[targets == 3]).tolist() == [100] * 4
    np.testing.assert_array_equal(folds, assign_folds(targets, 42))


def test_each_message_is_judged_by_a_head_that_has_not_seen_it() -> None:
    samples = make_samples({"a": 12, "b": 12, "only": 1}, spread=0.05)
    labels = list(samples.labels)
    labels[0] = "b"  # a head that had seen this would know it by heart
    held_out = predict_held_out(samples.texts, samples.vectors, labels, HeadSettings())
    assert held_out == ["a"] * 12 + ["b"] * 12 + [None]


def test_of_many_messages_each_is_judged_as_well() -> None:
    samples = make_samples({"a": 3_500, "b": 3_500}, spread=0.05)
    texts = ["thing"] * len(samples.labels)
    settings = HeadSettings(lexical_weights=(1.0,))
    assert predict_held_out(texts, samples.vectors, samples.labels, settings) == samples.labels


def test_of_thousands_of_labels_the_right_one_is_found() -> None:
    generator = np.random.default_rng(5)
    centres = generator.normal(size=(10_000, 16)).astype(np.float32)
    vectors = np.repeat(centres, 2, axis=0)
    vectors += generator.normal(size=vectors.shape, scale=0.05).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [f"faq/{number // 2}" for number in range(20_000)]
    texts = ["thing"] * 20_000
    head = train_head(texts, vectors, labels, HeadSettings(lexical_weights=(0.5,)))
    found = [head.judge("thing", vectors[row]).labels[0] for row in range(0, 20_000, 400)]
    assert found == labels[::400]


def test_beside_thousands_of_articles_the_bots_own_labels_are_still_believed(
    tmp_path: Path,
) -> None:
    own = {"cancel": 60, "greet": 60, "out_of_scope": 80}
    sizes = own | {f"faq/{number}": 3 for number in range(MANY_LABELS)}
    head = train(make_samples(sizes, spread=0.12))
    unseen = make_samples({"cancel": 40, "greet": 40}, spread=0.12, draw=1)
    threshold = head.rejection.threshold(0.94)
    verdicts = judge(head, unseen)
    believed = [
        verdict.labels[0] == label and verdict.confidence >= threshold
        for verdict, label in zip(verdicts, unseen.labels, strict=True)
    ]
    assert np.mean(believed) > 0.8
    head.save(tmp_path)
    assert_same(judge(IntentHead.load(tmp_path), unseen), verdicts, atol=1e-5)
