"""`bot parse`: what the live model understands, line by line."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.brain.model_folder import LIVE_MODEL
from bot.brain.rasa_environment import prepare_rasa
from bot.cli.project import find_project


def parse(
    model: Annotated[
        Path | None, typer.Option(help="A model file; the live model if left out.")
    ] = None,
) -> None:
    """Read messages from standard input, one a line, and print what is understood as JSON Lines."""
    path = model or find_project() / LIVE_MODEL
    # Whatever the locale, and bytes that are no text must not end it halfway.
    lines = io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace")
    for result in parse_lines(path, lines):
        print(json.dumps(result, ensure_ascii=False), flush=True)


def parse_lines(model: Path, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield `{"text", "intent", "confidence", "entities", "ranking", "clarify", "parts"}` of lines.

    See `bot.brain.turns.understood` for what they hold.

    Raises:
        ConfigurationError: The model is missing or cannot be loaded.
    """
    prepare_rasa()
    from bot.brain.bootstrap import load_understanding

    understand = load_understanding(model)
    with asyncio.Runner() as runner:
        for line in lines:
            text = line.rstrip("\r\n")
            result = runner.run(understand(text))
            yield {"text": text, **result}
