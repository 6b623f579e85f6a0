from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.nlu.typing_errors import add_typing_errors

SENTENCES = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz'éß", min_size=1, max_size=9), min_size=1, max_size=12
).map(" ".join)
SEEDS = st.integers(0, 2**32)


@given(st.text(), st.integers(0, 5), SEEDS)
def test_the_same_seed_makes_the_same_errors(text: str, count: int, seed: int) -> None:
    first = add_typing_errors(text, count, seed=seed)
    assert first == add_typing_errors(text, count, seed=seed)


@given(st.text(), SEEDS)
def test_no_error_asked_for_is_no_error(text: str, seed: int) -> None:
    assert add_typing_errors(text, 0, seed=seed) == text


@given(SENTENCES, SEEDS)
def test_one_error_changes_the_text_and_never_its_length_by_more_than_one(
    text: str, seed: int
) -> None:
    assume(any(letter.isalpha() for letter in text))
    typed = add_typing_errors(text, 1, seed=seed)
    assert typed != text
    assert abs(len(typed) - len(text)) <= 1


@given(SENTENCES, SEEDS)
def test_each_further_error_changes_the_text_again(text: str, seed: int) -> None:
    assume(len([letter for letter in text if letter.isalpha()]) >= 20)
    typed = [add_typing_errors(text, count, seed=seed) for count in range(4)]
    assert all(a != b for a, b in combinations(typed, 2))


@given(SENTENCES, SENTENCES, SEEDS, st.integers(1, 6))
@pytest.mark.parametrize("kept", ["8100240002", "#81-0024", "ana@example.com", "order8100240002"])
def test_numbers_and_addresses_stay_whole(
    kept: str, before: str, after: str, seed: int, count: int
) -> None:
    typed = add_typing_errors(f"{before} {kept} {after}", count, seed=seed)
    assert f" {kept} " in typed


@given(st.text("0123456789 .,!?👍", max_size=30), SEEDS)
def test_where_there_is_no_letter_there_is_no_error(text: str, seed: int) -> None:
    assert add_typing_errors(text, 2, seed=seed) == text


@given(SEEDS)
def test_no_word_disappears(seed: int) -> None:
    words = add_typing_errors("i a o u e", 1, seed=seed).replace(" ", "")
    assert len(words) >= 5


def test_every_kind_of_error_is_made() -> None:
    typed = {add_typing_errors("it's on", 1, seed=seed) for seed in range(500)}
    assert {
        "ti's on",  # swapped
        "it's o",  # left out
        "it's oon",  # typed twice
        "ot's on",  # the key beside
        "its on",
        "it'son",
    } <= typed


def test_a_capital_stays_a_capital() -> None:
    typed = {add_typing_errors("Q", 1, seed=seed) for seed in range(50)}
    assert typed == {"W", "A", "QQ"}
