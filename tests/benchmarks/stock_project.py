"""The same bot as a stock Rasa project: Rasa's default configuration, our data and domain.

Two variants, because a stock author has two ways to answer from articles: `ACTION` keeps our rule
(`faq` runs the custom action), `UTTER` lets Rasa utter the response itself, with no action server.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.training import Training, time_command

MODEL_NAME = "model.tar.gz"
_TIMES = "training.json"
_RULE_ACTION, _RULE_UTTER = "action: action_answer_article", "action: utter_faq"

# The values of `rasa/engine/recipes/config_files/default_config.yml` in Rasa 3.6. The importers
# read our articles, and `retrieval_intent` names the selector as our action expects it.
DEFAULT_CONFIG: Mapping[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock-shop-support-bot",
    "language": "en",
    "importers": [
        {"name": "RasaFileImporter"},
        {"name": "bot.faq.importer.HelpCenterImporter", "articles_dir": "data/help_center"},
    ],
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {
            "name": "CountVectorsFeaturizer",
            "analyzer": "char_wb",
            "min_ngram": 1,
            "max_ngram": 4,
        },
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {
            "name": "ResponseSelector",
            "epochs": 100,
            "constrain_similarities": True,
            "retrieval_intent": "faq",
        },
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
    ],
}


# A second full training would take as long again and tell nothing: neither the speed of a turn nor
# any reported figure depends on how long the second variant was trained.
SHORT_EPOCHS = 20


class Variant(StrEnum):
    """How the stock bot answers from an article."""

    ACTION = "action"
    UTTER = "utter"


@dataclass(frozen=True)
class StockProject:
    """A trained stock project; its training may have been in an earlier run."""

    directory: Path
    variant: Variant
    training: Training

    @property
    def model(self) -> Path:
        """The trained model's file."""
        return self.directory / "models" / MODEL_NAME


def prepare_projects(
    root: Path, environ: Mapping[str, str], *, reuse: bool
) -> dict[Variant, StockProject]:
    """Write both variants under `.rasa/bench/<hash of their content>` and train what is not yet.

    Args:
        root: The project's folder.
        environ: What `rasa train` runs in.
        reuse: Take the newest trained ones, even if they were trained on other data.
    """
    bench = root / ".rasa" / "bench"
    home = bench / content_hash(root)
    if reuse:
        home = _newest_trained(bench) or home
    return {variant: _prepare(root, home / variant, variant, environ) for variant in Variant}


def configure(variant: Variant) -> dict[str, Any]:
    """Return a variant's configuration; the training that is timed has all epochs."""
    if variant is Variant.ACTION:
        return dict(DEFAULT_CONFIG)
    return {
        **DEFAULT_CONFIG,
        "pipeline": _shorten(DEFAULT_CONFIG["pipeline"]),
        "policies": _shorten(DEFAULT_CONFIG["policies"]),
    }


def is_current(root: Path, project: StockProject) -> bool:
    """Tell whether a project was trained on what our bot is trained on now."""
    return project.directory.parent.name == content_hash(root)


def content_hash(root: Path) -> str:
    """Name the stock project by everything that its training depends on."""
    digest = hashlib.sha256()
    for package in ("rasa", "tensorflow", "scikit-learn"):
        digest.update(f"{package}=={version(package)}\n".encode())
    digest.update(json.dumps([configure(variant) for variant in Variant]).encode())
    for path in _training_files(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _training_files(root: Path) -> Iterator[Path]:
    yield root / "domain.yml"
    yield from sorted((root / "data").glob("*.yml"))
    yield from sorted((root / "data" / "help_center").glob("*.md"))


def _newest_trained(bench: Path) -> Path | None:
    found = bench.glob(f"*/{Variant.UTTER}/{_TIMES}")
    records = sorted(found, key=lambda record: record.stat().st_mtime)
    return records[-1].parents[1] if records else None


def _prepare(
    root: Path, directory: Path, variant: Variant, environ: Mapping[str, str]
) -> StockProject:
    record = directory / _TIMES
    if not record.is_file():
        shutil.rmtree(directory, ignore_errors=True)
        _write(root, directory, variant)
        training = _train(directory, environ)
        record.write_text(json.dumps(training.as_json()))
    return StockProject(directory, variant, Training(**json.loads(record.read_text())))


def _write(root: Path, directory: Path, variant: Variant) -> None:
    for path in _training_files(root):
        copy = directory / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        if variant is Variant.UTTER and path.name in ("rules.yml", "stories.yml"):
            text = text.replace(_RULE_ACTION, _RULE_UTTER)
        copy.write_text(text, "utf-8")
    config = yaml.safe_dump(configure(variant), sort_keys=False)
    (directory / "config.yml").write_text(config, "utf-8")
    (directory / "credentials.yml").write_text("rest:\n")


def _train(directory: Path, environ: Mapping[str, str]) -> Training:
    command = [sys.executable, "-m", "rasa", "train", "--force", "--fixed-model-name", MODEL_NAME]
    return time_command(command, cwd=directory, environ=environ, log=directory / "train.log")


def _shorten(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**step, "epochs": SHORT_EPOCHS} if "epochs" in step else dict(step) for step in steps]
