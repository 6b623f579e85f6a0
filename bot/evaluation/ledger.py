"""`models/promotions.jsonl`: which model went live, was refused or was taken back, when and why."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.brain.durable_files import append_line_durably
from bot.brain.model_folder import MODELS
from bot.errors import ConfigurationError

LEDGER: Final = MODELS / "promotions.jsonl"

Outcome = Literal["promoted", "refused", "rolled back"]


class Entry(BaseModel):
    """One decision about a model.

    Attributes:
        at: When it was taken.
        outcome: What came of it.
        model: Id of the model that it is about: after `promoted` and `rolled back` it is live.
        previous: Id of the model that was live before, if there was one.
        by: Name of the operating system's user who asked.
        reason: Why, in the maintainer's words.
        remarks: What the gate said: why it refused, or what it could not compare.
        margin: How much recall a label was allowed to lose, 0 to 1.
        data_sha256: Hash of the files that the model was made from.
        scores: The model's scores, as `Scores.to_json` gives them.
        previous_scores: Those of the model that was live before, on the same test set.
    """

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    at: AwareDatetime
    outcome: Outcome
    model: str
    previous: str | None = None
    by: str
    reason: str = ""
    remarks: tuple[str, ...] = ()
    margin: float | None = None
    data_sha256: str | None = None
    scores: dict[str, Any] | None = None
    previous_scores: dict[str, Any] | None = None


class Ledger:
    """The decisions about one project's models, oldest first."""

    def __init__(self, project_dir: Path) -> None:
        self._path = project_dir / LEDGER

    def read(self) -> list[Entry]:
        """Return all entries; a last line that was cut short by a power cut does not count.

        Raises:
            ConfigurationError: A line is not an entry.
        """
        if not self._path.is_file():
            return []
        lines = self._path.read_bytes().split(b"\n")[:-1]
        return [self._parse(number, line) for number, line in enumerate(lines, start=1)]

    def append(self, entry: Entry) -> None:
        """Add an entry; afterwards it is on the disk."""
        append_line_durably(self._path, entry.model_dump_json(exclude_none=True))

    def _parse(self, number: int, line: bytes) -> Entry:
        try:
            return Entry.model_validate_json(line)
        except ValidationError as error:
            raise ConfigurationError(
                f"{LEDGER}:{number}: not an entry that `bot promote` wrote; delete this line"
            ) from error


def live_history(entries: Iterable[Entry], live: str | None) -> Sequence[str]:
    """Return the ids that a rollback walks back through, the live one last.

    A promotion adds a model. A rollback drops all those after the one that it went back to, so
    that a second rollback goes on to the one before, and not forth to what was just left.

    Args:
        entries: All decisions, oldest first.
        live: Id of the model that really is live.
    """
    history: list[str] = []
    for entry in entries:
        if entry.outcome == "refused":
            continue
        if entry.previous is not None and history[-1:] != [entry.previous]:
            history.append(entry.previous)
        if entry.outcome == "rolled back" and entry.model in history:
            while history[-1] != entry.model:
                history.pop()
        else:
            history.append(entry.model)
    if live is not None and history[-1:] != [live]:
        history.append(live)
    return history


def list_recently_live(entries: Iterable[Entry]) -> list[str]:
    """Return the ids of all models that were ever live, the one that was so last first."""
    live = [
        name
        for entry in entries
        if entry.outcome != "refused"
        for name in (entry.previous, entry.model)
        if name is not None
    ]
    return list(dict.fromkeys(reversed(live)))


def current_user() -> str:
    """Return the name of the operating system's user, or its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
