import json
from collections import Counter
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from tests.benchmarks.made_up_data import write_data
from tests.benchmarks.public_data import (
    draw,
    read_banking,
    read_clinc,
    spell_label,
    with_label_names,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_data(tmp_path)
    return tmp_path


def test_development_tests_on_training_messages_and_leaves_the_test_set_alone(data: Path) -> None:
    whole, dev = read_banking(data, dev=False), read_banking(data, dev=True)

    assert sorted(dev.train + dev.test) == sorted(whole.train)
    assert {label for _, label in dev.test} == {label for _, label in whole.test}
    assert not {*dev.train, *dev.test} & {*whole.test}


def test_development_takes_the_validation_messages_of_clinc(data: Path) -> None:
    whole, dev = read_clinc(data, dev=False), read_clinc(data, dev=True)

    assert dev.train == whole.train
    assert all("val" in text for text in dev.test_out_of_scope)
    assert not {*dev.test} & {*whole.test}


def test_what_is_out_of_scope_is_trained_as_the_bot_labels_it(data: Path) -> None:
    labels = Counter(label for _, label in read_clinc(data, dev=False).train)

    assert labels["out_of_scope"] > 0
    assert all(label == "out_of_scope" or label.startswith("faq/") for label in labels)


def test_a_message_of_several_lines_stays_one(tmp_path: Path) -> None:
    write_data(tmp_path)
    path = tmp_path / "banking77" / "test.csv"
    path.write_text('text,category\n"two\nlines",card_arrival\n', "utf-8")

    assert read_banking(tmp_path, dev=False).test == (("two\nlines", "faq/card_arrival"),)


@pytest.mark.parametrize("missing", ["banking77/train.csv", "banking77/test.csv"])
def test_missing_data_are_named_with_where_to_get_them(data: Path, missing: str) -> None:
    (data / missing).unlink()

    with pytest.raises(ConfigurationError, match=rf"{missing}: No such file.*--data") as caught:
        read_banking(data, dev=False)

    assert "PolyAI-LDN" in str(caught.value)


@pytest.mark.parametrize("content", ["", "question,answer\na,b\n"])
def test_a_file_that_is_not_banking77_is_named(data: Path, content: str) -> None:
    (data / "banking77" / "train.csv").write_text(content, "utf-8")

    with pytest.raises(ConfigurationError, match=r"train\.csv: no "):
        read_banking(data, dev=False)


@pytest.mark.parametrize("content", ["{", "[]", '{"train": []}', json.dumps({"train": [["a"]]})])
def test_a_file_that_is_not_clinc150_is_named(data: Path, content: str) -> None:
    (data / "clinc150" / "data_full.json").write_text(content, "utf-8")

    with pytest.raises(ConfigurationError, match=r"data_full\.json: this is not CLINC150"):
        read_clinc(data, dev=False)


def test_a_draw_takes_as_many_of_each_label_and_the_same_each_time() -> None:
    examples = [(f"text {number} of {label}", label) for label in "ab" for number in range(9)]

    drawn = draw(examples, 4, seed=1)

    assert Counter(label for _, label in drawn) == {"a": 4, "b": 4}
    assert drawn == draw(examples, 4, seed=1)
    assert drawn != draw(examples, 4, seed=2)


def test_a_label_with_fewer_messages_gives_all_of_them() -> None:
    assert draw([("one", "a")], 4, seed=1) == [("one", "a")]


def test_a_labels_name_becomes_one_more_message() -> None:
    named = with_label_names([("where is my card", "faq/card_arrival")])

    assert named == [("card arrival", "faq/card_arrival"), ("where is my card", "faq/card_arrival")]


def test_a_labels_name_is_spelled_in_words() -> None:
    assert spell_label("faq/reverted_card_payment?") == "reverted card payment"
    assert spell_label("faq/Refund_not_showing_up") == "refund not showing up"
