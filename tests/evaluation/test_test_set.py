from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.evaluation.test_set import SHOWN, MessageSet, read_message_set

LABELS = ("greet", "cancel_order", "out_of_scope")
GOOD = """\
# Written by hand.
messages:
  - {text: hullo, label: greet}
  - text: "drop 8100240002, says Ana@example.com"
    label: cancel_order
    entities:
      - {entity: order_number, value: 8100240002}
      - {entity: email, value: Ana@example.com}
      - {entity: size, value: M}
two_questions:
  - {text: hullo and drop it, label: greet, parts: [greet, cancel_order]}
"""


def read(tmp_path: Path, text: str | bytes) -> MessageSet:
    path = tmp_path / "messages.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_message_set(path, LABELS)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)
    return str(refused.value).replace(f"{tmp_path}/", "")


def test_messages_are_read_with_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert [(one.text, one.label, one.place.line) for one in found.every_message] == [
        ("hullo", "greet", 3),
        ("drop 8100240002, says Ana@example.com", "cancel_order", 4),
        ("hullo and drop it", "greet", 11),
    ]
    assert found.two_questions[0].parts == ("greet", "cancel_order")


def test_of_the_entities_only_those_that_prove_an_order_are_compared(tmp_path: Path) -> None:
    proofs = read(tmp_path, GOOD).messages[1].proofs
    assert proofs == {("order_number", "8100240002"), ("email", "Ana@example.com")}


def test_what_looks_like_a_number_or_a_truth_is_a_text(tmp_path: Path) -> None:
    found = read(tmp_path, "messages:\n- {text: 8100, label: greet}\n- {text: no, label: greet}\n")
    assert [one.text for one in found.messages] == ["8100", "no"]


def test_the_hash_tells_two_sets_apart(tmp_path: Path) -> None:
    first = read(tmp_path, GOOD).sha256
    assert read(tmp_path, GOOD).sha256 == first
    assert read(tmp_path, GOOD.replace("hullo", "hallo")).sha256 != first


def test_scarce_and_missing_labels_are_a_warning(tmp_path: Path) -> None:
    many = "".join(f"- {{text: no {number}, label: greet}}\n" for number in range(25))
    warnings = read(tmp_path, f"messages:\n{many}- {{text: x, label: cancel_order}}\n").warnings
    assert [warning.split(":")[0] for warning in warnings] == [
        "cancel_order has 1 messages, fewer than 25",
        "out_of_scope has 0 messages, fewer than 25",
    ]


def test_a_message_that_stands_twice_is_a_warning(tmp_path: Path) -> None:
    twice = "messages:\n- {text: Hullo, label: greet}\n- {text: hullo, label: greet}\n"
    [warning] = [one for one in read(tmp_path, twice).warnings if "counts twice" in one]
    assert "messages.yml:3" in warning
    assert "messages.yml:2" in warning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("messages: [\n", "messages.yml:2: this is no YAML"),
        ("messages:\n- {text: a, label: greet}\n---\n", "messages.yml:3: this is no YAML"),
        (b"messages:\n- {text: \xff, label: greet}\n", "messages.yml: this is no YAML"),
        ("", "messages.yml: is empty"),
        ("# nothing\n", "messages.yml: is empty"),
        ("messages: []\n", "messages.yml:1: messages"),
        ("hello\n", "messages.yml:1: the file: must hold `key: value`"),
        ("- hello\n", "messages.yml:1: the file: must hold `key: value`"),
        ("messages: {}\n", "messages.yml:1: messages: must be a list"),
        ("messages:\n- hello\n", "messages.yml:2: messages.0: must hold `key: value`"),
        (
            "messages:\n- {text: a, label: greet}\n- {text: b}\n",
            "messages.yml:3: messages.1.label: is missing",
        ),
        (
            "messages:\n- text: '  '\n  label: greet\n",
            "messages.yml:2: messages.0.text: is empty",
        ),
        (
            "messages:\n- {text: [a], label: greet}\n",
            "messages.yml:2: messages.0.text: must be one text",
        ),
        (
            "messages:\n- {text: a, label: greet, lable: x}\n",
            "messages.yml:2: messages.0.lable: this key is not known",
        ),
        (
            "messages:\n- {text: a, label: gret}\n",
            "messages.yml:2: the bot knows no label 'gret'; did you mean greet?",
        ),
        (
            "messages:\n- {text: a, label: zzz}\n",
            "messages.yml:2: the bot knows no label 'zzz'; add it",
        ),
        (
            "messages:\n- {text: a, label: greet}\n\n- {text: A, label: cancel_order}\n",
            "messages.yml:4: 'A' is cancel_order here and greet at messages.yml:2",
        ),
        (
            "messages: [{text: a, label: greet}]\n"
            "two_questions:\n- {text: b, label: greet, parts: [greet]}\n",
            "messages.yml:3: two_questions.0.parts",
        ),
        (
            "messages: [{text: a, label: greet}]\n"
            "two_questions:\n- {text: b, label: greet, parts: [cancel_order, greet]}\n",
            "messages.yml:3: label is 'greet' and the first of parts 'cancel_order'",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, "messages:\n- {text: '', label: greet}\n- {label: greet}\n")
    assert "messages.yml:2" in said
    assert "messages.yml:3" in said


def test_what_is_wrong_everywhere_is_counted(tmp_path: Path) -> None:
    said = refusal(tmp_path, "messages:\n" + "- {text: a, label: gone}\n" * (SHOWN + 5))
    assert said.count("knows no label") == SHOWN
    assert said.endswith("and 5 more problems")


def test_a_missing_file_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no test set here.*--test-set"):
        read_message_set(tmp_path / "none.yml", LABELS)


def test_a_folder_is_no_test_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Is a directory.*--test-set"):
        read_message_set(tmp_path, LABELS)
