"""`bot chat`: talk with the bot in the terminal."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from bot.brain.contract import (
    AnswersTurns,
    Choice,
    FinishedTurn,
    ShopperContext,
    TurnError,
    TurnRequest,
)
from bot.brain.model_folder import LIVE_MODEL
from bot.brain.rasa_environment import prepare_rasa
from bot.cli.orders import open_orders_engine
from bot.cli.project import (
    find_project,
    make_scratch_settings,
    open_bot_database,
    read_settings,
)
from bot.errors import ConfigurationError, WorkFailed
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversations.recording import Recorder

_END = ("exit", "quit")


def chat(
    customer: Annotated[
        str | None, typer.Option("--as", help="Talk as this customer; a guest if left out.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A model file; the live model if left out.")
    ] = None,
    time_zone: Annotated[str, typer.Option(help="The shopper's time zone.")] = "UTC",
    demo: Annotated[bool, typer.Option(help="Use the demo's settings and shop.")] = True,
    record: Annotated[
        Path | None,
        typer.Option(help="Write the chat as a conversation; on a demo shop of its own."),
    ] = None,
) -> None:
    """Talk with the bot; a number chooses an offered button, `exit` ends."""
    path = model or find_project() / LIVE_MODEL
    shopper = ShopperContext(
        session_id=str(uuid.uuid4()),
        customer_id=customer,
        customer_name=None,
        address_key="terminal",
        time_zone=time_zone,
        locale="en",
    )
    if record is None:
        _talk(path, read_settings(demo=demo), shopper, demo=demo)
        return
    if record.exists():
        raise ConfigurationError(f"{record}: is there already; name a new file with --record")
    with TemporaryDirectory() as folder:
        _talk(path, make_scratch_settings(Path(folder)), shopper, demo=True, record=record)
    print(f"written {record}")


def _talk(
    path: Path,
    settings: Settings,
    shopper: ShopperContext,
    *,
    demo: bool,
    record: Path | None = None,
) -> None:
    console = Console()
    if demo and not settings.has_shop_system:
        from bot.cli.demo import load_shop

        load_shop(settings, reset=False)
    with console.status("Loading the model"):
        prepare_rasa()
        from bot.brain.bootstrap import build_turn_runner

        runner = build_turn_runner(path, open_bot_database(settings), settings)
    recorder = _start_recording(settings, shopper) if record else None
    reading = partial(console.input, "[bold]> [/bold]")
    asyncio.run(converse(runner, shopper, console, reading, recorder=recorder))
    if recorder and record:
        recorder.save(record)


def _start_recording(settings: Settings, shopper: ShopperContext) -> Recorder:
    from bot.conversations.recording import Recorder
    from bot.conversations.sql_world import SqlWorld

    engine = open_orders_engine(settings)
    if engine is None:
        raise WorkFailed("a chat is recorded on a demo shop, which is in a database")
    return Recorder(SqlWorld(engine, lambda: datetime.now(UTC)), shopper)


async def converse(
    runner: AnswersTurns,
    shopper: ShopperContext,
    console: Console,
    read: Callable[[], str],
    *,
    recorder: Recorder | None = None,
) -> None:
    """Talk until the input ends: read a line, answer it, show the replies."""
    conversation_id = str(uuid.uuid4())
    choices: list[dict[str, str]] = []
    while True:
        try:
            line = (await asyncio.to_thread(read)).strip()
        except EOFError:
            return
        if line.lower() in _END:
            return
        if not line:
            continue
        chosen = _choose(line, choices)
        request = TurnRequest(
            conversation_id=conversation_id,
            message_id=str(uuid.uuid4()),
            shopper=shopper,
            text=None if chosen else line[:2000],
            choice=chosen,
        )
        try:
            turn = await runner.run(request)
        except TurnError as error:
            raise WorkFailed(f"the message was not answered ({type(error).__name__})") from error
        if recorder:
            recorder.add(request, turn.replies)
        choices = [choice for reply in turn.replies for choice in reply["choices"]]
        _show_turn(turn, choices, console)


def _show_turn(turn: FinishedTurn, choices: list[dict[str, str]], console: Console) -> None:
    for reply in turn.replies:
        _show(reply, console)
    for number, choice in enumerate(choices, start=1):
        console.print(f"  [cyan]{number}[/cyan] {choice['title']}", highlight=False)


def _choose(line: str, choices: list[dict[str, str]]) -> Choice | None:
    if line.isdecimal() and 1 <= int(line) <= len(choices):
        chosen = choices[int(line) - 1]
        return Choice(title=chosen["title"], payload=chosen["payload"])
    return None


def card_lines(card: dict[str, Any]) -> list[str]:
    """Put a card's main facts into a few lines; the reply's text holds the rest."""
    if card["type"] == "order":
        items = [
            f"{item['quantity']} × {item['title']}"
            + (f" ({item['variant']})" if item["variant"] else "")
            for item in card["items"]
        ]
        return [f"{card['number']} · {card['status_text']} · {card['seller']['name']}", *items]
    if card["type"] == "order_list":
        return [
            f"{order['number']} · {order['status_text']} · {order['summary']}"
            for order in card["orders"]
        ]
    if card["type"] == "seller":
        return [f"{card['name']} · answers within {card['reply_hours']} h"]
    return []


def _show(reply: dict[str, Any], console: Console) -> None:
    if reply["text"]:
        console.print(Markdown(reply["text"]))
    for card in reply["cards"]:
        for line in card_lines(card):
            console.print(f"  │ {line}", style="dim", highlight=False, markup=False)
    for source in reply["sources"]:
        parts = [source["title"], source["url"], source["updated_at"]]
        console.print("  " + " · ".join(part for part in parts if part), style="dim")
