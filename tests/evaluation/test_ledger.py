from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.evaluation.ledger import (
    LEDGER,
    Entry,
    Ledger,
    Outcome,
    list_recently_live,
    live_history,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    (tmp_path / LEDGER).parent.mkdir()
    return Ledger(tmp_path)


def entry(outcome: Outcome, model: str, previous: str | None = None) -> Entry:
    return Entry(at=NOW, outcome=outcome, model=model, previous=previous, by="ana")


def promoted(model: str, previous: str | None = None) -> Entry:
    return entry("promoted", model, previous)


def rolled_back(model: str, previous: str) -> Entry:
    return entry("rolled back", model, previous)


def test_what_is_appended_is_read_in_order(ledger: Ledger) -> None:
    entries = [promoted("a"), entry("refused", "b", "a"), promoted("c", "a")]
    assert ledger.read() == []
    for one in entries:
        ledger.append(one)
    assert ledger.read() == entries


def test_a_last_line_that_was_cut_short_does_not_count_and_is_written_over(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.append(promoted("a"))
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes() + b'{"at": "2026-1')
    assert ledger.read() == [promoted("a")]
    ledger.append(promoted("b", "a"))
    assert ledger.read() == [promoted("a"), promoted("b", "a")]


@pytest.mark.parametrize("line", [b"", b"nonsense", b"{}", b"\xff", b'{"at": "2026-11-24"}'])
def test_a_line_that_is_no_entry_is_named(ledger: Ledger, tmp_path: Path, line: bytes) -> None:
    ledger.append(promoted("a"))
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(ConfigurationError, match=r"promotions\.jsonl:2: .*delete this line"):
        ledger.read()


@pytest.mark.parametrize(
    ("entries", "live", "history"),
    [
        ([], None, []),
        ([], "put by hand", ["put by hand"]),
        ([promoted("a")], "a", ["a"]),
        ([promoted("b", "a")], "b", ["a", "b"]),
        ([promoted("a"), promoted("b", "a"), entry("refused", "c", "b")], "b", ["a", "b"]),
        ([promoted("a"), promoted("b", "a"), promoted("c", "b")], "c", ["a", "b", "c"]),
        ([promoted("a"), promoted("b", "a"), rolled_back("a", "b")], "a", ["a"]),
        (
            [promoted("a"), promoted("b", "a"), promoted("c", "b"), rolled_back("a", "c")],
            "a",
            ["a"],
        ),
        ([promoted("a"), rolled_back("z", "a")], "z", ["a", "z"]),
        ([promoted("a"), promoted("c", "put by hand")], "c", ["a", "put by hand", "c"]),
        ([promoted("a")], "put by hand", ["a", "put by hand"]),
    ],
)
def test_a_rollback_walks_back_through_what_was_live(
    entries: list[Entry], live: str | None, history: list[str]
) -> None:
    assert list(live_history(entries, live)) == history


def test_models_are_known_by_when_they_were_live_last() -> None:
    entries = [
        promoted("a", "z"),
        promoted("b", "a"),
        promoted("c", "b"),
        entry("refused", "d", "c"),
        rolled_back("a", "c"),
    ]
    assert list_recently_live(entries) == ["a", "c", "b", "z"]
