"""`bot faq`: read articles from files, and check those there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import WorkFailed
from bot.faq.checking import Severity, check_articles
from bot.faq.importing import import_files

HELP_CENTER = Path("data/help_center")

app = typer.Typer(help="The help center's articles.", no_args_is_help=True)


@app.command("import")
def import_articles(
    files: Annotated[list[Path], typer.Argument(help="Files to read.")],
    into: Annotated[Path, typer.Option(help="The folder of articles.")] = HELP_CENTER,
) -> None:
    """Read articles from files. All are written, or none if one cannot be read."""
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
) -> None:
    """Check all articles; exit code 1 if one of them is wrong."""
    findings = check_articles(directory)
    for finding in findings:
        print(finding)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise WorkFailed(f"{directory}: {len(errors)} articles need mending, see above")
    print(f"{directory}: checked, {len(findings)} remarks")
