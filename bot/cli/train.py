"""`bot train`: a model from the project's files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot.brain.live_model import LIVE_MODEL, make_live
from bot.brain.rasa_environment import prepare_rasa
from bot.cli.project import find_project


def train(
    live: Annotated[
        bool, typer.Option("--live", help="Use the new model at the next start of the bot.")
    ] = False,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when there is a live model.")
    ] = False,
) -> None:
    """Train a candidate model. The first one ever trained becomes the live one."""
    project_dir = find_project()
    console = Console(stderr=True)
    live_model = project_dir / LIVE_MODEL
    if if_missing and live_model.is_file():
        return
    with console.status("Loading Rasa"):
        prepare_rasa()
        from bot.brain.training import Project, train_candidate
    project = Project(project_dir)
    with console.status("Training"):
        candidate = train_candidate(project, now=datetime.now(UTC))
    print(f"trained {candidate.relative_to(project_dir)}")
    if live or not live_model.is_file():
        make_live(candidate, project_dir)
        print(f"live    {LIVE_MODEL}")
