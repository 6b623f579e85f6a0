"""Models of the project's own files, trained once for each content they ever had."""

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.brain.rasa_environment import prepare_rasa

ROOT: Final = Path(__file__).parents[1]
MODELS: Final = ROOT / ".rasa" / "test-models"
KEPT_MODELS: Final = 6

_SOURCES: Final = (
    "config.yml",
    "domain.yml",
    "data",
    "bot/nlu",
    "bot/faq",
    "bot/brain/training.py",
    "bot/brain/training_graph.py",
)
_SUFFIXES: Final = (".yml", ".md", ".py")
_ENCODER: Final = ROOT / "models" / "encoder" / "provenance.json"


def train_once() -> Path:
    """Return the model file; training takes half a minute, finding it again nothing."""
    return _find_or_train("", lambda _: None)


def train_worse_once() -> Path:
    """Return a model whose training data hold a bad label, see `mislabel`."""
    return _find_or_train("-worse", mislabel)


def mislabel(project: Path) -> None:
    """Label every second message of `cancel_order` as `order_status` in a project's data."""
    nlu = project / "data" / "nlu.yml"
    head, cancel, rest = _split_block(nlu.read_text("utf-8"), "cancel_order")
    examples = [line for line in cancel.splitlines() if line.startswith("      - ")]
    moved = "".join(f"{line}\n" for line in examples[::2])
    for line in examples[::2]:
        cancel = cancel.replace(f"{line}\n", "", 1)
    opening = "  - intent: order_status\n    examples: |\n"
    text = head + cancel + rest
    assert opening in text
    nlu.write_text(text.replace(opening, opening + moved), "utf-8")


def _split_block(text: str, label: str) -> tuple[str, str, str]:
    head, block = text.split(f"  - intent: {label}\n", 1)
    end = block.index("\n  - ") + 1
    return f"{head}  - intent: {label}\n", block[:end], block[end:]


def _find_or_train(kind: str, change: Callable[[Path], None]) -> Path:
    model = MODELS / f"{_fingerprint()}{kind}.tar.gz"
    if not model.is_file():
        MODELS.mkdir(parents=True, exist_ok=True)
        _train(model, change)
        _forget_old_models()
    return model


def _train(model: Path, change: Callable[[Path], None]) -> None:
    prepare_rasa()
    from bot.brain.training import Project, train_candidate

    with tempfile.TemporaryDirectory(dir=MODELS) as scratch, warnings.catch_warnings():
        # Rasa's advice on a pipeline that is not its own is for a maintainer's eyes.
        warnings.simplefilter("ignore")
        project = Path(scratch)
        for name in ("config.yml", "domain.yml"):
            (project / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "data", project / "data")
        change(project)
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
