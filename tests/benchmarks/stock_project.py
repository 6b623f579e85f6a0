"""The same bot as a stock Rasa project: Rasa's default configuration, our data and domain.

Two variants, because a stock author has two ways to answer from articles: `ACTION` keeps our rule
(`faq` runs the custom action), `UTTER` lets Rasa utter the response itself, with no action server.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

import yaml

MODEL_NAME = "model.tar.gz"
_TIMES = "training.json"
_RULE_ACTION, _RULE_UTTER = "action: action_answer_article", "action: utter_faq"

# The values of `rasa/engine/recipes/config_files/default_config.yml` in Rasa 3.6. The importers
# read our articles, and `retrieval_intent` names the selector as our action expects it.
DEFAULT_CONFIG = {
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


class Variant(StrEnum):
    """How the stock bot answers from an article."""

    ACTION = "action"
    UTTER = "utter"


@dataclass(frozen=True)
class StockProject:
    """A trained stock project; the times are those of its training, whenever that was."""

    directory: Path
    variant: Variant
    training_s: float
    trained_at: str

    @property
    def model(self) -> Path:
        """The trained model's file."""
        return self.directory / "models" / MODEL_NAME


def prepare_projects(root: Path, environ: Mapping[str, str]) -> dict[Variant, StockProject]:
    """Write both variants under `.rasa/bench/<hash of their content>` and train what is not yet.

    The first variant is trained from nothing and timed; the second one has the same language
    understanding, which Rasa takes from its cache, so its time says nothing.
    """
    home = root / ".rasa" / "bench" / content_hash(root)
    cached = {**environ, "RASA_CACHE_DIRECTORY": str(home / "cache")}
    return {variant: _prepare(root, home / variant, variant, cached) for variant in Variant}


def content_hash(root: Path) -> str:
    """Name the stock project by everything that its training depends on."""
    digest = hashlib.sha256()
    for package in ("rasa", "tensorflow", "scikit-learn"):
        digest.update(f"{package}=={version(package)}\n".encode())
    digest.update(json.dumps(DEFAULT_CONFIG).encode())
    for path in _training_files(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _training_files(root: Path) -> Iterator[Path]:
    yield root / "domain.yml"
    yield from sorted((root / "data").glob("*.yml"))
    yield from sorted((root / "data" / "help_center").glob("*.md"))


def _prepare(
    root: Path, directory: Path, variant: Variant, environ: Mapping[str, str]
) -> StockProject:
    record = directory / _TIMES
    if not record.is_file():
        shutil.rmtree(directory, ignore_errors=True)
        _write(root, directory, variant)
        seconds = _train(directory, environ, force=variant is Variant.ACTION)
        trained_at = time.strftime("%Y-%m-%d", time.gmtime())
        record.write_text(json.dumps({"training_s": seconds, "trained_at": trained_at}))
    times = json.loads(record.read_text())
    return StockProject(directory, variant, times["training_s"], times["trained_at"])


def _write(root: Path, directory: Path, variant: Variant) -> None:
    for path in _training_files(root):
        copy = directory / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        if variant is Variant.UTTER and path.name in ("rules.yml", "stories.yml"):
            text = text.replace(_RULE_ACTION, _RULE_UTTER)
        copy.write_text(text, "utf-8")
    (directory / "config.yml").write_text(yaml.safe_dump(DEFAULT_CONFIG, sort_keys=False))
    (directory / "credentials.yml").write_text("rest:\n")


def _train(directory: Path, environ: Mapping[str, str], *, force: bool) -> float:
    """Run `rasa train`, whose output goes to `train.log`; returns the seconds it took."""
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", MODEL_NAME]
    if force:
        command.append("--force")
    begun = time.perf_counter()
    with (directory / "train.log").open("wb") as log:
        subprocess.run(
            command, cwd=directory, env=environ, stdout=log, stderr=subprocess.STDOUT, check=True
        )
    return time.perf_counter() - begun
