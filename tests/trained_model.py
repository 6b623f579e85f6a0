"""A model of the project's own files, trained once for each content they ever had."""

import hashlib
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.brain.rasa_environment import prepare_rasa

ROOT: Final = Path(__file__).parents[1]
MODELS: Final = ROOT / ".rasa" / "test-models"
KEPT_MODELS: Final = 3

_SOURCES: Final = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/faq")
_SUFFIXES: Final = (".yml", ".md", ".py")
_ENCODER: Final = ROOT / "models" / "encoder" / "provenance.json"


def train_once() -> Path:
    """Return the model file; training takes half a minute, finding it again nothing."""
    model = MODELS / f"{_fingerprint()}.tar.gz"
    if not model.is_file():
        MODELS.mkdir(parents=True, exist_ok=True)
        _train(model)
        _forget_old_models()
    return model


def _train(model: Path) -> None:
    prepare_rasa()
    from bot.brain.training import Project, train_candidate

    with tempfile.TemporaryDirectory(dir=MODELS) as scratch, warnings.catch_warnings():
        # Rasa's advice on a pipeline that is not its own is for a maintainer's eyes.
        warnings.simplefilter("ignore")
        project = Path(scratch)
        for name in ("config.yml", "domain.yml", "data"):
            (project / name).symlink_to(ROOT / name)
        train_candidate(Project(project), now=datetime.now(UTC)).replace(model)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(_source_files()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()[:16]


def _source_files() -> Iterator[Path]:
    yield _ENCODER
    for name in _SOURCES:
        source = ROOT / name
        if source.is_file():
            yield source
        else:
            yield from (path for path in source.rglob("*") if path.suffix in _SUFFIXES)


def _forget_old_models() -> None:
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT_MODELS]:
        old.unlink()
