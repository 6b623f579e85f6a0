"""Puts another model in the live one's place: whole, recorded, and one change at a time.

`models/live/model.tar.gz` is a symbolic link, and changing it is one rename: whoever is killed
before it has changed nothing, and a brain sees the old model or the new one. The entry for the
ledger is written down before the rename and moved into the ledger after it; the next change
finishes what a killed one left.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.brain.durable_files import copy_durably, link_durably, write_durably
from bot.brain.model_folder import (
    LIVE_MODEL,
    MODEL_SUFFIX,
    RECORD_SUFFIX,
    REPORT_SUFFIX,
    SCORES_SUFFIX,
    ModelFolder,
)
from bot.errors import WorkFailed
from bot.evaluation.ledger import LEDGER, Entry, Ledger, list_recently_live, live_history

KEPT_MODELS: Final = 5
"""So many models that were live last keep their files, the live one included."""

PATIENCE_S: Final = 5.0

_LOCK: Final = ".lock"
_PENDING: Final = ".pending.json"
_PAUSE_S: Final = 0.05
# The model first: what is left when that is gone does not look like one.
_ALL_SUFFIXES: Final = (MODEL_SUFFIX, RECORD_SUFFIX, SCORES_SUFFIX, REPORT_SUFFIX)


class LiveSwitch:
    """Changes which model is live. Everything is done while `held`."""

    def __init__(self, files: ModelFolder, *, patience_s: float = PATIENCE_S) -> None:
        self._files = files
        self._ledger = Ledger(files.project_dir)
        self._pending = files.live / _PENDING
        self._patience_s = patience_s

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from changing the live model, and finish what a killed one left.

        Raises:
            WorkFailed: Somebody else has been changing it for too long.
            ConfigurationError: The ledger cannot be read.
        """
        self._files.live.mkdir(parents=True, exist_ok=True)
        with (self._files.live / _LOCK).open("w") as lock:
            self._wait_for(lock.fileno())
            # The lock ends with the process, however that ends.
            self._ledger.read()  # one that cannot be read must not be found out halfway
            self._settle()
            yield

    def history(self) -> Sequence[str]:
        """Return the ids that a rollback walks back through, the live one last."""
        return live_history(self._ledger.read(), self._files.live_id())

    def record(self, entry: Entry) -> None:
        """Put a decision that changes nothing into the ledger."""
        self._ledger.append(entry)

    def change(self, entry: Entry) -> None:
        """Make the model of an entry the live one, and record it.

        Raises:
            WorkFailed: A file could not be written; the message says which model is live now.
        """
        try:
            self._stage(entry.model)
            self._name_a_nameless_model()
            write_durably(self._pending, entry.model_dump_json().encode())
            link_durably(self._files.live_model, f"{entry.model}{MODEL_SUFFIX}")
        except OSError as error:
            raise WorkFailed(
                f"{entry.model} could not be made live ({error.strerror}); the live model is still "
                f"{self._files.live_id() or 'none'}"
            ) from error
        try:
            self._settle()
        except OSError as error:
            raise WorkFailed(
                f"{entry.model} is live, but {LEDGER} could not be written ({error.strerror}); the "
                "next promotion or rollback records it"
            ) from error
        self._forget_old_models()

    def _wait_for(self, lock: int) -> None:
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise WorkFailed(
                        f"{LIVE_MODEL}: another promotion or rollback is changing it; try again "
                        "when that has ended"
                    ) from error
                time.sleep(_PAUSE_S)
            else:
                return

    def _stage(self, name: str) -> None:
        """Lay a candidate's files beside the live model's."""
        for suffix in (RECORD_SUFFIX, SCORES_SUFFIX, MODEL_SUFFIX):
            source = self._files.candidates / f"{name}{suffix}"
            target = self._files.live / source.name
            if source.is_file() and (suffix != MODEL_SUFFIX or not target.is_file()):
                copy_durably(source, target)
        if self._files.find_record(name):
            self._files.check_unchanged(name)

    def _name_a_nameless_model(self) -> None:
        """Keep a live model that was put there by hand, instead of writing over it."""
        live, name = self._files.live_model, self._files.live_id()
        if name is not None and not live.is_symlink():
            kept = live.with_name(f"{name}{MODEL_SUFFIX}")
            if not kept.is_file():
                kept.hardlink_to(live)

    def _settle(self) -> None:
        """Move the pending entry into the ledger if its model did go live, else drop it."""
        with contextlib.suppress(FileNotFoundError, ValidationError):
            entry = Entry.model_validate_json(self._pending.read_bytes())
            if self._files.live_id() == entry.model and self._ledger.read()[-1:] != [entry]:
                self._ledger.append(entry)
        self._pending.unlink(missing_ok=True)

    def _forget_old_models(self) -> None:
        kept = list_recently_live(self._ledger.read())[:KEPT_MODELS]
        for name in self._files.kept_ids() - {*kept}:
            _remove(self._files.live, name, _ALL_SUFFIXES)


def prune_candidates(files: ModelFolder, *, keep: int) -> list[str]:
    """Delete the files of old candidates.

    Of those that were never live the newest `keep` stay. Those that were live lose the model alone,
    once it is not kept beside the live one either: their records and scores stay.

    Returns:
        The ids of the candidates that are gone.
    """
    promoted = {one.model for one in Ledger(files.project_dir).read() if one.outcome != "refused"}
    promoted |= files.kept_ids()
    waiting = [name for name in files.candidate_ids() if name not in promoted]
    for name in waiting[keep:]:
        _remove(files.candidates, name, _ALL_SUFFIXES)
    for name in {*files.candidate_ids()} & promoted - files.kept_ids():
        _remove(files.candidates, name, (MODEL_SUFFIX,))
    return waiting[keep:]


def _remove(folder: Path, name: str, suffixes: Iterable[str]) -> None:
    for suffix in suffixes:
        (folder / f"{name}{suffix}").unlink(missing_ok=True)
