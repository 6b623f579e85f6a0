"""A model's file and what lies beside it: its record of training, its scores, its report."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.brain.model_folder import CANDIDATES, LIVE_MODEL
from bot.errors import ConfigurationError
from bot.evaluation.scores import Scores
from bot.nlu.labels import RULE_FILE

ENDING: Final = ".tar.gz"
SCORES_ENDING: Final = ".scores.json"
REPORT_ENDING: Final = ".html"

_METADATA: Final = "metadata.json"


@dataclass(frozen=True)
class ModelFile:
    """A trained model.

    Attributes:
        path: The file or a link to it; its name without ending names the model.
        sha256: Of its bytes, in hexadecimal.
        model_id: Rasa's id of it.
        trained_at: When Rasa says it was trained, as it says it.
        rasa_version: What it was trained with.
        threshold: The least confidence for an answer, None if no component tells.
        record: What `bot train` wrote beside it, name by name; empty if there is nothing.
    """

    path: Path
    sha256: str
    model_id: str
    trained_at: str
    rasa_version: str
    threshold: float | None = None
    record: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without ending."""
        return model_name(self.path)


@dataclass(frozen=True)
class LiveScores:
    """What the live model made of a test set; `counts` as `bot.evaluation.evaluating.to_json`."""

    scores: Scores
    counts: Mapping[str, int]


def model_name(path: Path) -> str:
    """Return the file's name without `.tar.gz`, links followed."""
    return path.resolve().name.removesuffix(ENDING)


def read_model_file(path: Path) -> ModelFile:
    """Describe a model.

    Raises:
        ConfigurationError: There is no model, or the file is none.
    """
    if not path.is_file():
        raise ConfigurationError(f"{path}: no model here; train one with: bot train")
    try:
        metadata, threshold = _read_packed(path)
        return ModelFile(
            path,
            _hash(path),
            model_id=str(metadata["model_id"]),
            trained_at=str(metadata["trained_at"]),
            rasa_version=str(metadata["rasa_open_source_version"]),
            threshold=threshold,
            record=_read_record(path),
        )
    except (tarfile.TarError, EOFError, OSError, ValueError, LookupError, TypeError) as error:
        raise ConfigurationError(
            f"{path}: this is no model ({error}); train one with: bot train"
        ) from error


def find_default_model(project_dir: Path) -> Path:
    """Return the newest candidate, or the live model if there is none.

    Raises:
        ConfigurationError: There is neither.
    """
    if candidates := _list_candidates(project_dir):
        return candidates[-1]
    if (project_dir / LIVE_MODEL).is_file():
        return project_dir / LIVE_MODEL
    raise ConfigurationError(
        f"{project_dir / CANDIDATES}: no model here, and none is live; train one with: bot train"
    )


def find_live_scores(project_dir: Path, *, but_not: ModelFile) -> LiveScores | None:
    """Return the scores of the live model, from where it lies or where it was trained.

    None where nobody evaluated it, or where it is the very model that is not to be found.

    Raises:
        ConfigurationError: A file of scores cannot be read.
    """
    live = project_dir / LIVE_MODEL
    if not live.is_file() or (live_sha256 := _hash(live)) == but_not.sha256:
        return None
    twins = [
        candidate
        for candidate in _list_candidates(project_dir)
        if candidate.stat().st_size == live.stat().st_size and _hash(candidate) == live_sha256
    ]
    at_home = project_dir / CANDIDATES / live.resolve().name
    for model in (live.resolve(), at_home, *twins):
        found = _read_scores(model.with_name(model_name(model) + SCORES_ENDING))
        if found is not None:
            return found
    return None


def _read_packed(model: Path) -> tuple[Any, float | None]:
    """Read what Rasa packs with every model, and the threshold that our classifier adds.

    Where Rasa puts it: `rasa.engine.storage.local_model_storage`.
    """
    with tarfile.open(model, "r:gz") as archive:
        rules = [name for name in archive.getnames() if name.endswith(f"/{RULE_FILE}")]
        threshold = _read_member(archive, rules[0])["threshold"] if rules else None
        return _read_member(archive, _METADATA), threshold


def _read_member(archive: tarfile.TarFile, name: str) -> Any:
    packed = archive.extractfile(name)
    if packed is None:
        raise KeyError(f"{name} is no file")
    return json.load(packed)


def _list_candidates(project_dir: Path) -> list[Path]:
    """All candidates, the newest last: they are named after the time of their training."""
    return sorted((project_dir / CANDIDATES).glob(f"*{ENDING}"))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_record(model: Path) -> dict[str, str]:
    values = _read_json(model.with_name(f"{model_name(model)}.json"))
    return {
        name: str(value) for name, value in values.items() if isinstance(value, str | int | float)
    }


def _read_scores(path: Path) -> LiveScores | None:
    values = _read_json(path)
    if not values:
        return None
    try:
        counts = {
            name: count
            for name, count in values.get("counts", {}).items()
            if isinstance(count, int)
        }
        return LiveScores(Scores.from_json(values), counts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path}: these are no scores; delete the file and evaluate that model again"
        ) from error


def _read_json(path: Path) -> Mapping[str, Any]:
    """Return the object in a file, empty where there is no file."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: this is no JSON; delete the file ({error})") from error
    if not isinstance(values, dict):
        raise ConfigurationError(f"{path}: this is no JSON object; delete the file")
    return values
