"""`bot webhooks`: what the shop's webhook has not been told yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.project import open_bot_database, read_settings
from bot.db.engine import reading, writing
from bot.db.webhook_deliveries import Unsettled, list_unsettled, retry_all

MAX_SHOWN = 100


def webhooks(
    retry: Annotated[
        bool, typer.Option("--retry", help="Try all of them again now, also those given up.")
    ] = False,
    demo: Annotated[bool, typer.Option(help="Use the demo's settings.")] = False,
) -> None:
    """List what the shop's webhook did not take, the oldest first."""
    engine = open_bot_database(read_settings(demo=demo))
    if retry:
        with writing(engine) as connection:
            count = retry_all(connection, now=datetime.now(UTC))
        print(f"{count} will be tried now")
        return
    with reading(engine) as connection:
        found = list_unsettled(connection, limit=MAX_SHOWN)
    if not found:
        print("everything has arrived")
        return
    Console().print(_table(found))


def _table(found: Sequence[Unsettled]) -> Table:
    table = Table("id", "what", "since", "tries", "next try", "problem", box=None)
    for one in found:
        table.add_row(
            one.id,
            one.type,
            _moment(one.created_at),
            str(one.attempts),
            _moment(one.due_at) if one.due_at else "given up",
            one.last_problem or "",
        )
    return table


def _moment(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
