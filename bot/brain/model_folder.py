"""Where trained models lie, and what is known of each.

    models/candidates/<id>.tar.gz       a trained model
    models/candidates/<id>.json         how it came about (`ModelRecord`)
    models/candidates/<id>.scores.json  its scores on the test set, once it was evaluated
    models/candidates/<id>.html         its report
    models/live/model.tar.gz            a link to the model that answers
    models/live/<id>.*                  that one's files, and those of the ones before it

A candidate's record is written before its model, so a model that can be seen is whole. Files of
drafts begin with a dot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigurationError, WorkFailed

MODELS: Final = Path("models")
CANDIDATES: Final = MODELS / "candidates"
LIVE: Final = MODELS / "live"
LIVE_MODEL: Final = LIVE / "model.tar.gz"

MODEL_SUFFIX: Final = ".tar.gz"
RECORD_SUFFIX: Final = ".json"
SCORES_SUFFIX: Final = ".scores.json"
REPORT_SUFFIX: Final = ".html"

NEWEST: Final = "newest"
LIVE_NAME: Final = "live"


class ModelRecord(BaseModel):
    """How a model came about.

    Attributes:
        id: Name of the model's file without ending.
        trained_at: When the training began.
        seconds: How long it took, from reading the files to the finished model.
        data_sha256: Hash over every file that the model was made from.
        config_sha256: Hash of `config.yml` alone.
        model_sha256: Hash of the model's file.
        seeds: The seed of each component that has one.
        messages: Number of training messages.
        labels: How many of them each label has.
    """

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    id: str
    trained_at: AwareDatetime
    seconds: float
    data_sha256: str
    config_sha256: str
    model_sha256: str
    seeds: Mapping[str, int]
    messages: int
    labels: Mapping[str, int]


class ModelFolder:
    """The models of one project's folder."""

    def __init__(self, project_dir: Path) -> None:
        self.project_dir = project_dir
        self.candidates = project_dir / CANDIDATES
        self.live = project_dir / LIVE
        self.live_model = project_dir / LIVE_MODEL

    def live_id(self) -> str | None:
        """Return the id of the model that answers, or None if there is none."""
        return model_id(self.live_model) if self.live_model.is_file() else None

    def candidate_ids(self) -> list[str]:
        """Return the ids of all candidates, the newest first."""
        ids = _ids_in(self.candidates)
        return sorted(ids, key=lambda one: (self._trained(one), one), reverse=True)

    def kept_ids(self) -> set[str]:
        """Return the ids of the models kept beside the live one, itself included."""
        return _ids_in(self.live) - {_stem(LIVE_MODEL)}

    def resolve(self, wanted: str) -> str:
        """Return the id that `newest`, `live`, an id or a model's file name stands for.

        Raises:
            ConfigurationError: There is no such model.
        """
        if wanted == NEWEST:
            if found := self.candidate_ids():
                return found[0]
            raise ConfigurationError(f"{CANDIDATES}: no candidate here; train one with: bot train")
        if wanted == LIVE_NAME:
            if live := self.live_id():
                return live
            raise ConfigurationError(f"{LIVE_MODEL}: no live model; train one with: bot train")
        name = _stem(Path(wanted))
        if name not in {*_ids_in(self.candidates), *self.kept_ids()}:
            raise ConfigurationError(f"{wanted}: no such model; `bot models` lists those there are")
        return name

    def model(self, name: str) -> Path:
        """Return where a model's file is: the live model's own copy first."""
        if name == self.live_id():
            return self.live_model.resolve()
        return self._find(name, MODEL_SUFFIX)

    def scores(self, name: str) -> list[Path]:
        """Return the files that may hold a model's scores, those of a later evaluation first."""
        return [folder / f"{name}{SCORES_SUFFIX}" for folder in (self.candidates, self.live)]

    def record(self, name: str) -> ModelRecord:
        """Read a model's record.

        Raises:
            WorkFailed: It is missing, cut short or not this model's.
        """
        path = self._find(name, RECORD_SUFFIX)
        try:
            record = ModelRecord.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise WorkFailed(
                f"{self._tell(path)}: missing, so nobody knows what {name} was made from; train "
                "again with: bot train"
            ) from error
        except (OSError, ValidationError) as error:
            raise WorkFailed(
                f"{self._tell(path)}: not a record that `bot train` wrote, or cut short; train "
                "again with: bot train"
            ) from error
        if record.id != name:
            raise WorkFailed(f"{self._tell(path)}: the record of {record.id}, not of {name}")
        return record

    def check_unchanged(self, name: str) -> None:
        """Compare a model's file with its record.

        Raises:
            WorkFailed: The file is not the one that was trained, or there is no record.
        """
        record, path = self.record(name), self.model(name)
        if hash_file(path) != record.model_sha256:
            raise WorkFailed(
                f"{self._tell(path)}: not the file that was trained (changed or cut short); train "
                "again with: bot train"
            )

    def find_record(self, name: str) -> ModelRecord | None:
        """Return a model's record, or None where it is missing or cannot be read."""
        try:
            return self.record(name)
        except WorkFailed:
            return None

    def _find(self, name: str, suffix: str) -> Path:
        kept = self.live / f"{name}{suffix}"
        return kept if kept.is_file() else self.candidates / f"{name}{suffix}"

    def _trained(self, name: str) -> float:
        if record := self.find_record(name):
            return record.trained_at.timestamp()
        return (self.candidates / f"{name}{MODEL_SUFFIX}").stat().st_mtime

    def _tell(self, path: Path) -> Path:
        return path.relative_to(self.project_dir)


def model_id(path: Path) -> str:
    """Return the id of the model in a file: its name without ending, links followed.

    A live model that was put there by hand has no name of its own; its content gives it one.
    """
    file = path.resolve()
    if file.name == LIVE_MODEL.name:
        return f"unrecorded-{hash_file(file)[:12]}"
    return _stem(file)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ids_in(folder: Path) -> set[str]:
    return {_stem(path) for path in folder.glob(f"[!.]*{MODEL_SUFFIX}")}


def _stem(path: Path) -> str:
    return path.name.removesuffix(MODEL_SUFFIX)
