"""`bot models`: every model, how it scored and what became of it."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.brain.model_folder import ModelFolder
from bot.cli.project import find_project
from bot.evaluation.model_list import ListedModel, list_models

_SHORT_HASH = 8
_WIDTH_OF_A_FILE = 200


def models(
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: all that is known.")
    ] = False,
) -> None:
    """List the models: candidates, the live one, and those that were live before."""
    listed = list_models(ModelFolder(find_project()))
    if as_json:
        print(json.dumps([model.to_json() for model in listed], indent=2))
        return
    if not listed:
        print("no models; train one with: bot train")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("id", "trained (UTC)", "data", "score", "test set"):
        table.add_column(column, no_wrap=True)
    for column in ("weakest label", "state"):
        table.add_column(column, overflow="fold")
    for model in listed:
        table.add_row(*_cells(model), style="bold green" if model.state == "live" else None)
    # A file or another program has no width of its own.
    Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE).print(table)


def _cells(model: ListedModel) -> tuple[str, ...]:
    record, scores = model.record, model.scores
    weakest = model.weakest
    return (
        model.id,
        f"{record.trained_at:%Y-%m-%d %H:%M}" if record else "unknown",
        record.data_sha256[:_SHORT_HASH] if record else "",
        f"{scores.accuracy:.1%}" if scores else "not evaluated",
        scores.test_set_sha256[:_SHORT_HASH] if scores else "",
        f"{weakest} {scores.labels[weakest].recall:.0%}" if scores and weakest else "",
        "; ".join([model.state + ("" if model.file_kept else " (file removed)"), *model.remarks]),
    )
