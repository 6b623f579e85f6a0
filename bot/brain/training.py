"""Train a model from the project's files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from rasa.model_training import train as rasa_train
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT

from bot.brain.live_model import CANDIDATES
from bot.brain.own_errors import RASA_ERRORS, find_own_error
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
    _check_yaml(project)
    name = now.strftime("%Y%m%d-%H%M%S")
    try:
        _check_training_data(project)
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
    except RASA_ERRORS as error:
        raise find_own_error(error) or ConfigurationError(
            f"training stopped: {' '.join(str(error).split())}"
        ) from error
    if result.code or not result.model:
        raise WorkFailed(f"training made no model (Rasa's code {result.code})")
    return Path(result.model)


def _check_yaml(project: Project) -> None:
    """Rasa skips a data file that is no YAML, and trains without it."""
    for path in (project.config, project.domain, *sorted(project.data.rglob("*.yml"))):
        try:
            yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError) as error:
            raise ConfigurationError(
                f"{path}: this is no YAML: {' '.join(str(error).split())}"
            ) from error


def _check_training_data(project: Project) -> None:
    """Rasa skips an importer that fails, with a warning at most; so look at what it read."""
    importer = TrainingDataImporter.load_from_config(
        str(project.config), str(project.domain), [str(project.data)]
    )
    domain, nlu_data = importer.get_domain(), importer.get_nlu_data()
    assert_nothing_skipped(
        load_articles(project.data / "help_center"), domain, nlu_data, importer.get_stories()
    )
    # Rasa also makes messages without a text, from the stories.
    taught = {one.get(INTENT) for one in nlu_data.intent_examples if one.get(TEXT)}
    without_examples = sorted({*domain.intents} - taught - {*DEFAULT_INTENTS})
    if without_examples:
        raise ConfigurationError(
            f"{', '.join(without_examples)}: in domain.yml, but without examples; add some to "
            f"{project.data / 'nlu.yml'}"
        )
