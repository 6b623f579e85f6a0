"""A wrong file is refused with where and what to write instead."""

from pathlib import Path
from textwrap import dedent

import pytest

from bot.conversations.format import Later, Says, StoreHolds, Taps
from bot.conversations.reading import read_file, read_folder
from bot.errors import ConfigurationError

HEAD = """\
conversations:
  - name: hello
    shopper: C100
    steps:
"""


def write(folder: Path, steps: str, *, head: str = HEAD, name: str = "some.yml") -> Path:
    path = folder / name
    path.write_text(head + dedent(steps).replace("\n", "\n      ").join(["      ", "\n"]), "utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as refused:
        read_file(path)
    return str(refused.value)


def test_steps_are_read_in_their_order(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        - says: no
          reply: [All, right]
          cards: [{type: order, number: 8100240001}]
        - taps: 8100240001
          tab: second
        - later: 2 hours
        - store_holds: {8100240001: {status: cancelled, audit: 2}}
          stock: {P09-SAND: 3}""",
    )
    [conversation] = read_file(path).conversations
    says, taps, later, holds = conversation.steps
    assert isinstance(says, Says)
    assert (says.says, says.reply, says.tab) == ("no", ("All", "right"), "first")
    assert isinstance(taps, Taps)
    assert taps.tab == "second"
    assert isinstance(later, Later)
    assert isinstance(holds, StoreHolds)
    assert (holds.orders["8100240001"].audit, holds.stock) == (2, {"P09-SAND": 3})


@pytest.mark.parametrize("step", ["- later: 1 hour", "- the_store: is away"])
def test_a_step_that_only_works_in_process_says_so_by_itself(tmp_path: Path, step: str) -> None:
    [conversation] = read_file(write(tmp_path, step)).conversations
    assert conversation.in_process_only


def test_a_conversation_of_words_is_held_everywhere(tmp_path: Path) -> None:
    [conversation] = read_file(write(tmp_path, "- says: hello")).conversations
    assert not conversation.in_process_only


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("- syas: hello", "some.yml:5: conversation 'hello', step 1: begins with none of says"),
        ("- syas: hello", "did you mean `says`"),
        ("- says: hello\n  taps: Yes", "is both says and taps; make two steps of it"),
        ("- says: hello\n  repyl: All", "some.yml:6: conversation 'hello', step 1: repyl is not"),
        ("- says: hello\n  repyl: All", "did you mean `reply`"),
        ("- says: ''", "says is empty; write a text"),
        ("- says: [a, b]", "says must be one text"),
        ("- hello", "must hold `key: value`"),
        ("- later: soon", "later is wrong"),
        ("- the_store: is down", "the_store is wrong"),
        ("- says: hello\n  says: bye", "some.yml:5: `says` stands here 2 times"),
        ("- says: hello\n  cards: [{type: order, numbr: 81}]", "did you mean `number`"),
        ("- says: a: b", "this is no YAML"),
        ("- seller_writes: Hi", "order is missing; add it"),
    ],
)
def test_a_wrong_step_is_named_with_the_way_to_mend_it(
    tmp_path: Path, step: str, expected: str
) -> None:
    assert expected in refusal(write(tmp_path, step))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "is empty; write `conversations:`"),
        ("conversations: []", "must be `conversations:` with a list below it"),
        ("conversation:\n  - name: a", "must be `conversations:` with a list below it"),
        ("conversations:\n  - hello", "conversation 1 must hold `key: value`"),
        ("conversations:\n  - name: a\n    shopper: guest", "steps is missing; add it"),
        ("conversations:\n  - name: a\n    steps: [{says: hi}]", "shopper is missing; add it"),
        ("conversations:\n  - {name: a, shopper: guest, steps: []}", "steps"),
        ("conversations: [\n", "this is no YAML"),
    ],
)
def test_a_wrong_file_is_named_with_the_way_to_mend_it(
    tmp_path: Path, content: str, expected: str
) -> None:
    path = tmp_path / "some.yml"
    path.write_text(content, "utf-8")
    assert expected in refusal(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.yml")


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = refusal(write(tmp_path, "- syas: a\n- says: ''\n- later: soon"))
    assert [f"step {number}" in told for number in (1, 2, 3)] == [True] * 3


def test_two_conversations_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "- says: hello", name="a.yml")
    write(tmp_path, "- says: hello", name="b.yml")
    with pytest.raises(ConfigurationError, match=r"a\.yml: 'hello' is the name of two"):
        read_folder(tmp_path)
