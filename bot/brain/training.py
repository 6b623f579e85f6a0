"""Train a model from the project's files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rasa.model_training import train as rasa_train
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter

from bot.brain.live_model import CANDIDATES
from bot.brain.own_errors import find_own_error
from bot.errors import ConfigurationError, WorkFailed
from bot.faq.articles import load_articles
from bot.faq.importer import assert_nothing_skipped


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


def train_candidate(project: Project, *, now: datetime) -> Path:
    """Train a model and return its file under `models/candidates/`.

    Raises:
        ConfigurationError: A file of the project is missing or wrong.
        WorkFailed: Training did not produce a model.
    """
    project.check()
    _check_training_data(project)
    name = now.strftime("%Y%m%d-%H%M%S")
    try:
        result = rasa_train(
            domain=str(project.domain),
            config=str(project.config),
            training_files=[str(project.data)],
            output=str(project.root / CANDIDATES),
            fixed_model_name=name,
            force_training=True,
            # Rules don't learn from stories glued together, but Rasa would make and hash thousands.
            core_additional_arguments={"augmentation_factor": 0},
        )
    except RasaException as error:
        raise find_own_error(error) or ConfigurationError(f"training stopped: {error}") from error
    if result.code or not result.model:
        raise WorkFailed(f"training made no model (Rasa's code {result.code})")
    return Path(result.model)


def _check_training_data(project: Project) -> None:
    """Rasa skips an importer that fails, with a warning at most; so look at what it read."""
    importer = TrainingDataImporter.load_from_config(
        str(project.config), str(project.domain), [str(project.data)]
    )
    assert_nothing_skipped(
        load_articles(project.data / "help_center"),
        importer.get_domain(),
        importer.get_nlu_data(),
        importer.get_stories(),
    )
