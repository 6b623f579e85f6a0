"""`bot faq`: read articles from files, and check those there are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml
from rich.console import Console

from bot.cli.project import PROJECT_FILES
from bot.errors import ConfigurationError, WorkFailed
from bot.faq.findings import Severity
from bot.faq.importing import import_files

if TYPE_CHECKING:
    from bot.nlu.encoder import SentenceEncoder

HELP_CENTER = Path("data/help_center")

_ENCODER_THREADS = 2

app = typer.Typer(help="The help center's articles.", no_args_is_help=True)


@app.command("import")
def import_articles(
    files: Annotated[list[Path], typer.Argument(help="Files to read.")],
    into: Annotated[Path, typer.Option(help="The folder of articles.")] = HELP_CENTER,
) -> None:
    """Read articles from files. All are written, or none if one cannot be read."""
    with Console(stderr=True).status("Reading"):
        report = import_files(files, into)
    for skipped in report.skipped:
        print(f"skipped {skipped.place}: {skipped.text!r}: {skipped.reason}")
    for name, articles in (
        ("created", report.created),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
    ):
        for article in articles:
            print(f"{name} {article}")


@app.command("check")
def check(
    directory: Annotated[Path, typer.Argument(help="The folder of articles.")] = HELP_CENTER,
    links: Annotated[
        bool, typer.Option("--links", help="Fetch the web pages that articles link to.")
    ] = False,
    review_days: Annotated[
        int, typer.Option(min=1, help="Ask for a review after so many days.")
    ] = 365,
) -> None:
    """Check all articles; exit code 1 if one of them is wrong, 0 if there are only warnings."""
    console = Console(stderr=True)
    with console.status("Checking"):
        from bot.faq.checking import CheckPlan, check_articles

        encoder = _load_encoder()
        plan = CheckPlan(
            today=datetime.now(UTC).date(),
            review_days=review_days,
            encoder=encoder,
            project_dir=Path() if all(Path(name).exists() for name in PROJECT_FILES) else None,
            web=links,
        )
        findings = check_articles(directory, plan)
    for finding in findings:
        print(finding)
    if encoder is None:
        print("not compared by meaning: there is no encoder here; run it in the project's folder")
    if plan.project_dir is None:
        print("not checked whether a rule answers them: this is no project's folder")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if errors:
        raise WorkFailed(f"{directory}: {errors} errors to mend, see above")
    print(f"{directory}: checked, {len(findings)} warnings")


def _load_encoder() -> SentenceEncoder | None:
    """Load the encoder that the project's pipeline names, if there is one."""
    from bot.nlu.encoder import SentenceEncoder

    config = Path("config.yml")
    if not config.is_file():
        return None
    try:
        pipeline = yaml.load(config.read_bytes(), Loader=yaml.CSafeLoader)["pipeline"]
        folders = [Path(step["encoder"]) for step in pipeline if "encoder" in step]
    except (OSError, yaml.YAMLError, LookupError, TypeError) as error:
        raise ConfigurationError(f"{config}: no pipeline to be read there") from error
    return SentenceEncoder.load(folders[0], threads=_ENCODER_THREADS) if folders else None
