"""Errors that end a command or keep a process from starting.

    BotError
    ├── ConfigurationError      exit 2: a setting or a file is wrong, or a service it names is away
    │   └── DatabaseUnreachable
    └── WorkFailed              exit 1: everything was set up, and the work itself did not succeed

`str()` of each is one line that names the thing and the fix; the command line prints it and exits
with `exit_code`.
"""

from collections.abc import Sequence


class BotError(Exception):
    """The base of what the command line reports as one line instead of a traceback."""

    exit_code = 1


class ConfigurationError(BotError):
    """A setting, a file or a service that the process needs is missing or wrong."""

    exit_code = 2

    def __init__(self, *problems: str) -> None:
        self.problems: Sequence[str] = problems
        super().__init__("; ".join(problems))


class DatabaseUnreachable(ConfigurationError):
    """The database that a setting names cannot be opened."""


class WorkFailed(BotError):
    """The work could not be done; the message says what and how to go on."""
