from pathlib import Path

import numpy as np
import pytest

from bot.nlu.lexical import MAX_DIMS, LexicalSpace, fit_lexical_space

TEXTS = (
    "where is my order",
    "where is my parcel",
    "cancel my order please",
    "please cancel it",
    "how do i buy a gift card",
    "buy something",
)


def cosine(space: LexicalSpace, one: str, other: str) -> float:
    first, second = space.transform([one, other])
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


def test_texts_that_share_words_are_alike() -> None:
    space, _ = fit_lexical_space(TEXTS, seed=1)
    assert cosine(space, "my parcel", "where is my parcel") > 0.7
    assert cosine(space, "my parcel", "buy a gift card") < 0.3


def test_a_typing_error_leaves_a_text_where_it_was() -> None:
    space, _ = fit_lexical_space(TEXTS, seed=1)
    assert cosine(space, "cancle my order", "cancel my order") > 0.6


def test_the_training_texts_get_the_vectors_that_they_get_later() -> None:
    space, vectors = fit_lexical_space(TEXTS, seed=1)
    assert vectors.shape == (len(TEXTS), space.n_dims)
    np.testing.assert_allclose(vectors, space.transform(TEXTS), atol=1e-6)


def test_no_vector_is_longer_than_one() -> None:
    space, vectors = fit_lexical_space(TEXTS, seed=1)
    vectors = np.vstack([vectors, space.transform(["order " * 300, "x", "a my parcel"])])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).max() <= 1 + 1e-5


def test_a_text_without_any_known_n_gram_is_zeros() -> None:
    space, _ = fit_lexical_space(TEXTS, seed=1)
    assert not space.transform(["", " ", "我的订单", "\x00"]).any()


@pytest.mark.parametrize(
    "texts",
    [
        ["?", "!", "..."],
        ["", ""],
        ["", "?"],
        [" ", "\n"],
        ["?"],
        ["a"],
        ["same words", "same words"],
        ["我的订单在哪里", "取消"],
        ["x" * 2000, "y"],
    ],
    ids=lambda texts: ascii(texts[0][:9]),
)
def test_any_texts_can_be_learnt_and_stored(texts: list[str], tmp_path: Path) -> None:
    space, vectors = fit_lexical_space(texts, seed=1)
    space.save(tmp_path)
    loaded = LexicalSpace.load(tmp_path)
    asked = [*texts, "", "where is it"]
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(loaded.transform(asked), space.transform(asked), atol=1e-6)


def test_a_stored_space_is_the_same(tmp_path: Path) -> None:
    # A NUL at the end of a term, a lone surrogate, and a term as long as a message.
    texts = [*TEXTS, "nul\x00", "nul", "half \ud800", "ü" * 2000]
    space, _ = fit_lexical_space(texts, seed=1)
    space.save(tmp_path)
    loaded = LexicalSpace.load(tmp_path)
    for ours, theirs in zip(space.vectorizers, loaded.vectorizers, strict=True):
        assert ours.vocabulary_ == theirs.vocabulary_
    np.testing.assert_allclose(loaded.transform(texts), space.transform(texts), atol=1e-6)


def test_long_terms_do_not_swell_the_file(tmp_path: Path) -> None:
    texts = [*TEXTS, *("wxyz"[number % 4] * 2000 + f" {number} end" for number in range(200))]
    fit_lexical_space(texts, seed=1)[0].save(tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3_000_000


def test_the_same_seed_gives_the_same_space() -> None:
    first, _ = fit_lexical_space(TEXTS, seed=1)
    second, _ = fit_lexical_space(TEXTS, seed=1)
    np.testing.assert_array_equal(first.axes, second.axes)


def test_a_space_is_never_larger_than_it_may_be() -> None:
    generator = np.random.default_rng(1)
    texts = [" ".join(generator.choice(list("abcdefghijklmnopqrst"), 8)) for _ in range(300)]
    space, _ = fit_lexical_space(texts, seed=1)
    assert space.n_dims == MAX_DIMS


@pytest.mark.parametrize(
    "text",
    ["where is my parcel", "Order ORDER order!", "cancle it", "", " ", "我的订单", "x" * 3000],
)
def test_one_text_gets_the_vector_that_it_gets_among_others(tmp_path: Path, text: str) -> None:
    space, _ = fit_lexical_space(TEXTS, seed=1)
    space.save(tmp_path)
    for either in (space, LexicalSpace.load(tmp_path)):
        [expected] = either.transform([text])
        np.testing.assert_allclose(either.transform_one(text), expected, atol=1e-6)
