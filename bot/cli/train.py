"""`bot train`: a model from the project's files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.brain.model_folder import ModelFolder, model_id
from bot.brain.rasa_environment import prepare_rasa
from bot.cli.project import find_project
from bot.cli.promote import put_before_gate
from bot.evaluation.gate import Rules
from bot.evaluation.live_switch import prune_candidates

if TYPE_CHECKING:
    from bot.brain.training_graph import Step, Tell

KEPT_CANDIDATES = 10


def train(
    live: Annotated[
        bool, typer.Option("--live", help="Promote the new model, if the gate lets it through.")
    ] = False,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when there is a live model.")
    ] = False,
) -> None:
    """Train a candidate model. The first one ever trained becomes the live one.

    The newest 10 candidates that were never live are kept.
    """
    project_dir = find_project()
    files = ModelFolder(project_dir)
    if if_missing and files.live_id():
        return
    console = Console(stderr=True)
    with _shown(console) as tell:
        prepare_rasa()
        from bot.brain.training import Project, train_candidate

        candidate = train_candidate(Project(project_dir), now=datetime.now(UTC), tell=tell)
    record = files.record(model_id(candidate))
    print(
        f"trained {candidate.relative_to(project_dir)} in {record.seconds:.0f} s: "
        f"{record.messages} messages, {len(record.labels)} labels, data {record.data_sha256[:12]}"
    )
    try:
        if live or not files.live_id():
            put_before_gate(files, record.id, Rules(), reason="bot train")
    finally:
        prune_candidates(files, keep=KEPT_CANDIDATES)


@contextmanager
def _shown(console: Console) -> Iterator[Tell]:
    """Show the training's steps as a bar; without a terminal, each new stage as a line."""
    if not console.is_terminal:
        stage = ""

        def write(step: Step) -> None:
            nonlocal stage
            if step.stage != stage:
                stage = step.stage
                console.print(stage)

        yield write
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("loading Rasa", total=None)

        def draw(step: Step) -> None:
            progress.update(
                task,
                description=f"{step.stage} {step.part}".strip(),
                completed=step.done,
                total=step.total,
            )

        yield draw
