"""The command line: one module a command, each a thin wrapper over a function that returns data."""

from bot.cli.main import main

__all__ = ["main"]
