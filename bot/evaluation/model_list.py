"""What is known of every model: when it was trained, how it scored, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.brain.model_folder import ModelFolder, ModelRecord
from bot.evaluation.ledger import Entry, Ledger
from bot.evaluation.promotion import read_scores
from bot.evaluation.scores import Scores

State = Literal["live", "was live", "candidate", "refused"]


@dataclass(frozen=True)
class ListedModel:
    """One model.

    Attributes:
        record: How it came about; None where that is missing or cannot be read.
        scores: Of its newest evaluation; None where there was none.
        remarks: Why it was refused.
        file_kept: Whether the model itself is still there, not only what is known of it.
    """

    id: str
    state: State
    record: ModelRecord | None
    scores: Scores | None
    remarks: tuple[str, ...] = ()
    file_kept: bool = True

    @property
    def trained_at(self) -> datetime | None:
        """When its training began."""
        return self.record.trained_at if self.record else None

    @property
    def weakest(self) -> str | None:
        """The label with the least recall among those that the test set has."""
        tested = {
            label: score
            for label, score in (self.scores.labels if self.scores else {}).items()
            if score.n
        }
        return min(tested, key=lambda label: (tested[label].recall, label), default=None)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "id": self.id,
            "state": self.state,
            "remarks": list(self.remarks),
            "file_kept": self.file_kept,
            "record": self.record.model_dump(mode="json") if self.record else None,
            "accuracy": self.scores.accuracy if self.scores else None,
            "weakest_label": self.weakest,
            "scores": self.scores.to_json() if self.scores else None,
        }


def list_models(files: ModelFolder) -> list[ListedModel]:
    """List every model, the newest first.

    Raises:
        ConfigurationError: The ledger of promotions cannot be read.
    """
    entries = Ledger(files.project_dir).read()
    live = files.live_id()
    was_live = {one.model for one in entries if one.outcome != "refused"}
    was_live |= {one.previous for one in entries if one.previous} | files.kept_ids()
    present = {*files.candidate_ids()} | files.kept_ids() | ({live} if live else set())

    def describe(name: str) -> ListedModel:
        state, remarks = _state(name, live, was_live, entries)
        scores = next(filter(None, map(read_scores, files.scores(name))), None)
        return ListedModel(
            name, state, files.find_record(name), scores, remarks, file_kept=name in present
        )

    listed = [describe(name) for name in present | was_live]
    return sorted(listed, key=_newest_first, reverse=True)


def _newest_first(model: ListedModel) -> tuple[float, str]:
    return model.trained_at.timestamp() if model.trained_at else 0.0, model.id


def _state(
    name: str, live: str | None, was_live: Iterable[str], entries: Iterable[Entry]
) -> tuple[State, tuple[str, ...]]:
    if name == live:
        return "live", ()
    if name in was_live:
        return "was live", ()
    refusals = [one for one in entries if one.model == name and one.outcome == "refused"]
    if refusals:
        return "refused", refusals[-1].remarks
    return "candidate", ()
