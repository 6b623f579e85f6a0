from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.spelling import Spelling

TEXTS = (
    *["where is my order", "cancel my order please", "has my parcel been delivered"] * 3,
    *["how do i pay", "a refund of the payment", "received the wrong item", "track a lot"] * 3,
    *["the Aurora lamp"] * 3,
    *["i want to exchange the trousers"] * 6,
    "my pracel is lost",
)
ENGLISH = frozenset(
    [
        "where",
        "is",
        "my",
        "order",
        "cancel",
        "house",
        "table",
        "and",
        "the",
        "lamp",
        "tank",
        "item",
        "pay",
    ]
)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling.learn(TEXTS, ENGLISH)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("where is my oder", "where is my order"),  # a letter too few
        ("where is my ordder", "where is my order"),  # too many
        ("where is my orfer", "where is my order"),  # another one
        ("where is my odrer", "where is my order"),  # two swapped
        ("recieved", "received"),
        ("the pracel", "the parcel"),  # in the training data once, which makes it no word
        ("exchagne the truosers", "exchange the trousers"),
        ("delivvred", "delivered"),  # two errors in a long word
        ("cancelmy order", "cancel my order"),
        ("whereis my order", "where is my order"),
        ("WHERE IS MY ODER?!", "WHERE IS MY order?!"),
        ("oder, oder. oder", "order, order. order"),
    ],
)
def test_a_typing_error_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "Where Is My Order?",
        "a house and a table",  # English, never used here
        "the aurora lamp",  # a name of the shop's own
        "8100240002 #8100240002",
        "it's don't i'm can’t",
        "wo ist meine bestellung",
        "dónde está mi pedido",
        "我的订单在哪里",
        "xkcd qwpoe zzzz",
        "is it ok",
        "tank",  # English, one letter from *thank*
        "paz",  # three letters and few uses: as likely another word
        "",
        "\x00 👍 \n",
    ],
)
def test_what_may_be_right_is_left_alone(spelling: Spelling, text: str) -> None:
    assert spelling.mend(text) == text


def test_the_nearest_word_wins_then_the_one_used_most() -> None:
    uses = {"parcel": 3, "parcels": 9, "marcel": 5}
    spelling = Spelling(uses, frozenset())
    assert spelling.mend("parcle") == "parcel"
    assert spelling.mend("tarcel") == "marcel"


@given(text=st.text(max_size=120))
def test_nothing_but_letters_is_ever_changed(spelling: Spelling, text: str) -> None:
    mended = spelling.mend(text)
    assert [c for c in mended if not c.isalpha() and c != " "] == [
        c for c in text if not c.isalpha() and c != " "
    ] or text.lower() != text  # the lower case of a few letters is two characters


def test_only_so_many_unknown_words_of_a_message_are_looked_up() -> None:
    words = [f"{first}{second}mmm" for first in "bcdfghk" for second in "bcdfghk"]
    spelling = Spelling(dict.fromkeys(words, 5), frozenset())
    typed = [f"{word}q" for word in words]
    assert spelling.mend(" ".join(typed)) == " ".join([*words[:32], *typed[32:]])
    assert spelling.mend(typed[40]) == words[40]


def test_what_is_longer_than_any_word_is_not_looked_up() -> None:
    spelling = Spelling({"y" * 40: 5, "z" * 60: 5}, frozenset())
    assert spelling.mend("y" * 41) == "y" * 40
    assert spelling.mend("z" * 61) == "z" * 61


def test_a_word_that_is_repeated_is_mended_each_time(spelling: Spelling) -> None:
    assert spelling.mend("oder " * 400) == "order " * 400


def test_stored_words_mend_the_same(tmp_path: Path, spelling: Spelling) -> None:
    spelling.save(tmp_path)
    loaded = Spelling.load(tmp_path, ENGLISH)
    assert loaded.uses == spelling.uses
    assert loaded.mend("cancle the pracel alot") == spelling.mend("cancle the pracel alot")


def test_the_order_of_the_training_messages_does_not_matter(spelling: Spelling) -> None:
    other = Spelling.learn(reversed(TEXTS), ENGLISH)
    assert list(other.uses.items()) == list(spelling.uses.items())
