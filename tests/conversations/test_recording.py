"""A chat is recorded, and its recording replays green, on another day too."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.brain.contract import ShopperContext
from bot.cli.chat import converse
from bot.conversations.format import StoreHolds
from bot.conversations.reading import read_file
from bot.conversations.recording import Recorder
from bot.conversations.running import hold
from bot.errors import WorkFailed
from tests.conversations.conftest import NOW, InProcess

pytestmark = pytest.mark.model

CANCELS = ("where is my order", "3", "please cancel 8100240002", "yes", "1", "how do i buy things")
PROVES = ("what is in 8100240051", "farid@example.com", "**Is** [it](http://x) here?", "<b>")
WRITES = ("message to the seller of 8100240003", 'It says: "#1", - really?', "1", "no")
ASKS_WHY = ("why can't I order the charger", "where's 8100240064", "null", "~")


@pytest.mark.parametrize(
    ("customer", "typed"),
    [("C100", CANCELS), (None, PROVES), ("C100", WRITES), ("C106", ASKS_WHY)],
    ids=["cancels", "proves", "writes", "asks why"],
)
async def test_a_fresh_recording_replays_green(
    in_process: InProcess, tmp_path: Path, customer: str | None, typed: tuple[str, ...]
) -> None:
    path = tmp_path / "recorded.yml"
    await record(in_process, path, customer, typed)
    [conversation] = read_file(path).conversations
    assert conversation.customer_id == customer
    assert await hold(conversation, in_process.stage) == len(typed)
    in_process.stage.begins_at = NOW + timedelta(days=40, hours=5)
    try:
        assert await hold(conversation, in_process.stage) == len(typed)
    finally:
        in_process.stage.begins_at = NOW


async def test_a_recording_ends_with_what_changed_in_the_store(
    in_process: InProcess, tmp_path: Path
) -> None:
    path = tmp_path / "recorded.yml"
    await record(in_process, path, "C100", CANCELS)
    [conversation] = read_file(path).conversations
    holds = conversation.steps[-1]
    assert isinstance(holds, StoreHolds)
    assert list(holds.orders) == ["8100240002"]
    assert holds.orders["8100240002"].status == "cancelled"
    assert holds.stock == {"P01-M-BLU": 10}


async def test_a_chat_without_a_word_is_not_written(in_process: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    with pytest.raises(WorkFailed, match="nothing was said"):
        await record(in_process, path, "C100", ())
    assert not path.exists()


async def test_a_file_that_cannot_be_written_is_told(in_process: InProcess, tmp_path: Path) -> None:
    with pytest.raises(WorkFailed, match="cannot be written"):
        await record(in_process, tmp_path / "none" / "recorded.yml", "C100", ("hello",))


async def record(
    theatre: InProcess, path: Path, customer: str | None, typed: tuple[str, ...]
) -> None:
    theatre.stage.reset()
    shopper = ShopperContext("session", customer, None, "terminal", "Europe/Berlin", "en")
    recorder = Recorder(theatre.stage.world, shopper)
    console = Console(file=io.StringIO())
    await converse(theatre.stage.runner, shopper, console, lines(typed), recorder=recorder)
    recorder.save(path)


def lines(typed: tuple[str, ...]) -> Callable[[], str]:
    rest: Iterator[str] = iter(typed)

    def read() -> str:
        for line in rest:
            return line
        raise EOFError

    return read
