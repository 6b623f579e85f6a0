import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.brain.contract import FinishedTurn, ShopperContext, TurnRequest
from bot.cli.chat import card_lines, converse
from bot.conversations.reading import read_file
from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

SHOPPER = ShopperContext("session", "C100", None, "terminal", "UTC", "en")
SOURCE = {"article_id": "a", "title": "How to buy", "url": None, "updated_at": "2026-11-20"}


ORDER = {
    "type": "order",
    "number": "8100240003",
    "status_text": "Awaiting Delivery",
    "seller": {"name": "Northwind"},
    "items": [
        {"quantity": 1, "title": "Earbuds", "variant": "White"},
        {"quantity": 2, "title": "Candle", "variant": ""},
    ],
}
ORDERS = {
    "type": "order_list",
    "orders": [{"number": "8100240003", "status_text": "Completed", "summary": "Candle"}],
}


class FakeRunner:
    """Offers two choices with every answer."""

    model_id = "model"

    def __init__(self) -> None:
        self.requests: list[TurnRequest] = []

    async def run(self, request: TurnRequest) -> FinishedTurn:
        self.requests.append(request)
        reply: dict[str, Any] = {
            "text": "It is **on its way**.",
            "choices": [
                {"title": "Cancel it", "payload": "/cancel_order"},
                {"title": "Thanks", "payload": "/thank_you"},
            ],
            "cards": [{"type": "seller", "name": "Northwind", "reply_hours": 4}],
            "sources": [SOURCE],
        }
        return FinishedTurn(request.message_id, [reply], {}, "model")


def lines(*typed: str) -> Callable[[], str]:
    """Read these lines, then the end of the input."""
    rest: Iterator[str] = iter(typed)

    def read() -> str:
        for line in rest:
            return line
        raise EOFError

    return read


async def talk(*typed: str) -> tuple[FakeRunner, str]:
    runner, shown = FakeRunner(), io.StringIO()
    await converse(runner, SHOPPER, Console(file=shown, width=80), lines(*typed))
    return runner, shown.getvalue()


async def test_a_line_is_answered_with_choices_cards_and_sources() -> None:
    _, shown = await talk("where is it")
    assert "It is on its way." in shown
    assert "1 Cancel it" in shown
    assert "How to buy · 2026-11-20" in shown


async def test_a_number_chooses_what_was_offered() -> None:
    runner, _ = await talk("where is it", "2")
    chosen = runner.requests[1]
    assert chosen.choice is not None
    assert (chosen.text, chosen.choice.payload) == (None, "/thank_you")


async def test_another_number_is_a_message() -> None:
    runner, _ = await talk("1", "3", "٢٢")
    assert [request.text for request in runner.requests] == ["1", "3", "٢٢"]


async def test_exit_ends_and_empty_lines_say_nothing() -> None:
    runner, _ = await talk("", "  ", "hello", "EXIT", "never read")
    assert [request.text for request in runner.requests] == ["hello"]


async def test_all_messages_belong_to_one_conversation() -> None:
    runner, _ = await talk("one", "x" * 3000)
    assert len({request.conversation_id for request in runner.requests}) == 1
    assert len({request.message_id for request in runner.requests}) == 2
    assert len(runner.requests[1].text or "") == 2000


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        (
            ORDER,
            ["8100240003 · Awaiting Delivery · Northwind", "1 × Earbuds (White)", "2 × Candle"],
        ),
        (ORDERS, ["8100240003 · Completed · Candle"]),
        (
            {"type": "seller", "name": "Northwind", "reply_hours": 4},
            ["Northwind · answers within 4 h"],
        ),
        ({"type": "of a later version"}, []),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_a_card_is_a_few_lines(card: dict[str, Any], shown: list[str]) -> None:
    assert card_lines(card) == shown


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ana_talks_in_the_terminal(bot: RunBot, trained_model: Path) -> None:
    typed = "where is my order 8100240003\nexit\n"
    outcome = bot("chat", "--as", "C100", "--model", str(trained_model), stdin=typed, cwd=ROOT)
    assert outcome.code == 0
    assert "Awaiting Delivery" in outcome.out


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_chat_is_recorded_on_a_shop_of_its_own(
    bot: RunBot, trained_model: Path, tmp_path: Path
) -> None:
    typed = "cancel 8100240002\nyes\nexit\n"
    path = tmp_path / "recorded.yml"
    arguments = ("chat", "--as", "C100", "--model", str(trained_model), "--record", str(path))
    assert bot(*arguments, stdin=typed, cwd=ROOT).code == 0
    [conversation] = read_file(path).conversations
    assert [type(step).__name__ for step in conversation.steps] == ["Says", "Says", "StoreHolds"]
    assert not (tmp_path / "state" / "orders.sqlite3").exists()


def test_a_recording_is_never_written_over(bot: RunBot, tmp_path: Path) -> None:
    path = tmp_path / "recorded.yml"
    path.write_text("by hand")
    outcome = bot("chat", "--model", "none.tar.gz", "--record", str(path))
    assert (outcome.code, path.read_text()) == (2, "by hand")
    assert "is there already" in outcome.err


def test_without_a_model_there_is_nobody_to_talk_to(bot: RunBot) -> None:
    outcome = bot("chat", "--as", "C100")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "no model here" in outcome.err


def test_the_demo_shop_is_not_loaded_into_a_shops_own_system(bot: RunBot) -> None:
    outcome = bot("chat", ORDER_STORE_URL="http://127.0.0.1:9")
    assert "no model here" in outcome.err
