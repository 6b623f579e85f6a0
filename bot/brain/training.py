"""Train a model from the project's files."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.model_training import get_unresolved_slots
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT

from bot.brain.durable_files import write_durably
from bot.brain.model_folder import (
    CANDIDATES,
    MODEL_SUFFIX,
    RECORD_SUFFIX,
    ModelRecord,
    hash_file,
)
from bot.brain.own_errors import RASA_ERRORS, find_own_error
from bot.brain.training_graph import STORY_OPTIONS, Step, Tell, train_graph
from bot.errors import ConfigurationError, WorkFailed
from bot.faq.articles import load_articles
from bot.faq.importer import assert_nothing_skipped

_DRAFT: Final = ".draft-"


def _tell_nobody(step: Step) -> None:
    pass


@dataclass(frozen=True)
class Project:
    """The files a model is made from, in the project's folder."""

    root: Path

    @property
    def config(self) -> Path:
        """Pipeline and policies."""
        return self.root / "config.yml"

    @property
    def domain(self) -> Path:
        """Labels, slots and wording."""
        return self.root / "domain.yml"

    @property
    def data(self) -> Path:
        """Training messages, rules and stories."""
        return self.root / "data"

    def check(self) -> None:
        """Raise ConfigurationError where a file is missing."""
        missing = [path.name for path in (self.config, self.domain, self.data) if not path.exists()]
        if missing:
            raise ConfigurationError(
                f"{self.root}: {', '.join(missing)} not found; run this in the project's folder"
            )


def train_candidate(project: Project, *, now: datetime, tell: Tell = _tell_nobody) -> Path:
    """Train a model and return its file under `models/candidates/`, with its record beside it.

    Both appear at once, when all is done; a training that is cut short leaves a draft, which the
    next one removes.

    Args:
        project: What to train from.
        now: When the training begins; the model is named after it.
        tell: Told each step of the training when it begins.

    Raises:
        ConfigurationError: A file of the project is missing or wrong.
        WorkFailed: A file changed meanwhile, or training made no model.
    """
    project.check()
    begun = time.monotonic()
    tell(Step("reading"))
    _check_yaml(project)
    sources = hash_sources(project)
    candidates = project.root / CANDIDATES
    with _open_draft(candidates) as draft:
        try:
            importer, labels = _read(project)
            train_graph(importer, draft, tell)
        except RASA_ERRORS as error:
            raise find_own_error(error) or ConfigurationError(
                f"training stopped: {' '.join(str(error).split())}"
            ) from error
        if hash_sources(project) != sources:
            raise WorkFailed("the training files were changed while they were read; train again")
        record = ModelRecord(
            id=_choose_id(candidates, now),
            trained_at=now,
            seconds=round(time.monotonic() - begun, 1),
            data_sha256=sources,
            config_sha256=hash_file(project.config),
            model_sha256=hash_file(draft),
            seeds=_seeds(project),
            messages=sum(labels.values()),
            labels=labels,
        )
        write_durably(
            candidates / f"{record.id}{RECORD_SUFFIX}",
            record.model_dump_json(indent=2).encode() + b"\n",
        )
        return draft.rename(candidates / f"{record.id}{MODEL_SUFFIX}")


def hash_sources(project: Project) -> str:
    """Return one hash over every file that a model is made from.

    Those are all under `data/` (messages, articles, rules, the shop's catalogue), the domain, the
    configuration, and the record of the encoder's files.
    """
    digest = hashlib.sha256()
    for path in sorted({*_source_files(project)}):
        name = path.relative_to(project.root)
        digest.update(f"{name.as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()


def _source_files(project: Project) -> Iterator[Path]:
    yield from (project.config, project.domain)
    # `data` may be a link to a folder elsewhere.
    for folder, _, names in os.walk(project.data, followlinks=True):
        yield from (Path(folder, name) for name in names if not name.startswith("."))
    for component in _pipeline(project):
        if "encoder" in component:
            record = project.root / component["encoder"] / "provenance.json"
            if record.is_file() and record.is_relative_to(project.root):
                yield record


@contextlib.contextmanager
def _open_draft(candidates: Path) -> Iterator[Path]:
    """Give a file to train into, which no listing of models shows; remove what others left."""
    candidates.mkdir(parents=True, exist_ok=True)
    for old in candidates.glob(f"{_DRAFT}*"):
        if not Path("/proc", old.name.removeprefix(_DRAFT)).exists():
            old.unlink(missing_ok=True)
    draft = candidates / f"{_DRAFT}{os.getpid()}"
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _choose_id(candidates: Path, now: datetime) -> str:
    """Name a model after the second; two within one second get a number."""
    name = now.strftime("%Y%m%d-%H%M%S")
    numbered = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(one for one in numbered if not (candidates / f"{one}{RECORD_SUFFIX}").exists())


def _pipeline(project: Project) -> list[dict[str, Any]]:
    config = yaml.load(project.config.read_text("utf-8"), Loader=yaml.CSafeLoader)
    pipeline = config.get("pipeline") if isinstance(config, dict) else None
    return [component for component in pipeline or [] if isinstance(component, dict)]


def _seeds(project: Project) -> dict[str, int]:
    return {
        str(component.get("name")).rsplit(".", 1)[-1]: int(component["seed"])
        for component in _pipeline(project)
        if "seed" in component
    }


def _check_yaml(project: Project) -> None:
    """Rasa skips a data file that is no YAML, and trains without it."""
    for path in (project.config, project.domain, *sorted(project.data.rglob("*.yml"))):
        try:
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError) as error:
            raise ConfigurationError(
                f"{path}: this is no YAML: {' '.join(str(error).split())}"
            ) from error


def _read(project: Project) -> tuple[TrainingDataImporter, dict[str, int]]:
    """Read the training data and check them; returns them and the number of messages a label.

    Rasa skips an importer that fails, with a warning at most; so look at what it read.
    """
    importer = TrainingDataImporter.load_from_config(
        str(project.config), str(project.domain), [str(project.data)], STORY_OPTIONS
    )
    domain, nlu_data, stories = (
        importer.get_domain(),
        importer.get_nlu_data(),
        importer.get_stories(),
    )
    articles = load_articles(project.data / "help_center")
    assert_nothing_skipped(articles, domain, nlu_data, stories)
    # Rasa also makes messages without a text, from the stories.
    examples = [one for one in nlu_data.intent_examples if one.get(TEXT)]
    taught = {one.get(INTENT) for one in examples}
    if without_examples := sorted({*domain.intents} - taught - {*DEFAULT_INTENTS}):
        raise ConfigurationError(
            f"{', '.join(without_examples)}: in domain.yml, but without examples; add some to "
            f"{project.data / 'nlu.yml'}"
        )
    if unset := sorted(get_unresolved_slots(domain, stories)):
        raise ConfigurationError(
            f"{', '.join(unset)}: set in rules or stories, but no slot of domain.yml"
        )
    labels = Counter(one.get(INTENT_RESPONSE_KEY) or one.get(INTENT) for one in examples)
    return importer, dict(sorted(labels.items()))
