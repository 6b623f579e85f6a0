"""`bot evaluate`: what a model makes of messages that it has never seen."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.brain.rasa_environment import prepare_rasa
from bot.cli.project import find_project
from bot.errors import ConfigurationError
from bot.evaluation.model_file import (
    REPORT_ENDING,
    SCORES_ENDING,
    LiveScores,
    ModelFile,
    find_default_model,
    find_live_scores,
    read_model_file,
)
from bot.evaluation.test_set import TEST_SET, MessageSet, read_message_set
from bot.faq.files import write_all

if TYPE_CHECKING:
    from bot.evaluation.evaluating import Evaluation


def evaluate(
    model: Annotated[
        Path | None,
        typer.Option(help="A model file; the newest candidate if left out, else the live model."),
    ] = None,
    test_set: Annotated[Path, typer.Option(help="The file of test messages.")] = TEST_SET,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for scores and report; that of the model if left out."),
    ] = None,
) -> None:
    """Score a model on the frozen test set; write the scores and a report beside it."""
    from bot.evaluation.summary import summarise

    project_dir = find_project()
    console = Console(stderr=True)
    model_file = read_model_file(_in_project(model or find_default_model(project_dir), project_dir))
    live = find_live_scores(project_dir, but_not=model_file)
    with console.status("Checking the test set"):
        message_set = read_unseen_messages(project_dir, test_set)
    evaluation = _evaluate(model_file, message_set, console)
    with console.status("Writing the report"):
        written = _write(model_file, evaluation, live, out or model_file.path.parent)
    for line in [*summarise(evaluation), *(f"written {path}" for path in written)]:
        print(line)


def _in_project(path: Path, project_dir: Path) -> Path:
    """Name a file of the project as its maintainer would, for pages that others read."""
    absolute = path.absolute()
    return absolute.relative_to(project_dir) if absolute.is_relative_to(project_dir) else path


def read_unseen_messages(project_dir: Path, path: Path) -> MessageSet:
    """Read a test set.

    Raises:
        ConfigurationError: It is missing or wrong, or shares a message with the training data.
    """
    if not path.is_file():
        raise ConfigurationError(f"{path}: no test set here; name its file with --test-set")
    prepare_rasa()
    from bot.brain.training import Project
    from bot.evaluation.overlap import refuse_overlaps
    from bot.evaluation.training_texts import read_training_texts
    from bot.nlu.labels import OUT_OF_SCOPE

    texts = read_training_texts(Project(project_dir))
    message_set = read_message_set(path, {OUT_OF_SCOPE, *(text.label for text in texts)})
    refuse_overlaps(texts, message_set.every_message)
    return message_set


def _evaluate(model: ModelFile, message_set: MessageSet, console: Console) -> Evaluation:
    with console.status("Loading the model"):
        from bot.brain.bootstrap import load_understanding
        from bot.evaluation.evaluating import count_messages, evaluate

        understand = load_understanding(model.path)
    with Progress(console=console, transient=True) as progress, asyncio.Runner() as runner:
        task = progress.add_task("Understanding", total=count_messages(message_set))
        return runner.run(evaluate(message_set, understand, advance=lambda: progress.advance(task)))


def _write(
    model: ModelFile, evaluation: Evaluation, live: LiveScores | None, folder: Path
) -> tuple[Path, Path]:
    from bot.evaluation.evaluating import to_json
    from bot.evaluation.report import Report, render

    scores = json.dumps(to_json(evaluation.score(model.name), evaluation), indent=1)
    command = shlex.join(["bot", *sys.argv[1:]])
    page = render(Report(model, evaluation, live, datetime.now(UTC), command))
    paths = folder / f"{model.name}{SCORES_ENDING}", folder / f"{model.name}{REPORT_ENDING}"
    write_all(dict(zip(paths, (f"{scores}\n", page), strict=True)))
    return paths
