"""Stock Rasa's default pipeline on the same messages, trained once for the same data."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.public_data import Example
from tests.benchmarks.stock_project import DEFAULT_CONFIG, MODEL_NAME
from tests.benchmarks.training import Training, time_command

_RESULT = "result.json"
_FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class StockUnderstanding:
    """How stock Rasa did.

    Attributes:
        messages: Of the test.
        right: Those whose best label, its fallback aside, is the right one.
        training: Its times; its date is that of the measurement.
        reused: The measurement is an earlier run's, of the same data and configuration.
    """

    messages: int
    right: int
    training: Training
    reused: bool

    @property
    def accuracy(self) -> float:
        """Share of messages whose best label is right."""
        return self.right / self.messages

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the report holds them."""
        return {
            "accuracy": round(self.accuracy, 5),
            **asdict(self),
            "training": self.training.as_json(),
        }


def measure_stock(
    home: Path, train: Sequence[Example], test: Sequence[Example], environ: Mapping[str, str]
) -> StockUnderstanding:
    """Train Rasa's default pipeline and ask it the test messages, unless that was done before.

    Args:
        home: Folder in which each training gets one of its own, named by a hash of all it was
            made of.
        train: Messages and labels.
        test: Messages and their right labels.
        environ: What `rasa train` runs in.

    Raises:
        CalledProcessError: The training failed; `train.log` in its folder says why.
    """
    train, test = _plain(train), _plain(test)
    folder = home / f"understanding-{_hash(train, test)}"
    record = folder / _RESULT
    reused = record.is_file()
    if not reused:
        folder.mkdir(parents=True, exist_ok=True)
        _write_project(folder, train)
        command = [sys.executable, "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml"]
        command += ["--config", "config.yml", "--fixed-model-name", MODEL_NAME]
        training = time_command(command, cwd=folder, environ=environ, log=folder / "train.log")
        right = asyncio.run(_count_right(folder / "models" / MODEL_NAME, test))
        record.write_text(json.dumps({"right": right, "training": training.as_json()}))
    found = json.loads(record.read_text())
    return StockUnderstanding(len(test), found["right"], Training(**found["training"]), reused)


async def _count_right(model: Path, test: Sequence[Example]) -> int:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    rights = 0
    for text, label in test:
        parsed = await agent.parse_message(text)
        names = [one["name"] for one in parsed["intent_ranking"] if one["name"] != _FALLBACK]
        rights += names[:1] == [label]
    return rights


def _plain(examples: Sequence[Example]) -> list[Example]:
    """Name the labels so that Rasa takes each for an intent and not for an answer to one."""
    return [(" ".join(text.split()), label.split("/", 1)[-1]) for text, label in examples]


def _hash(train: Sequence[Example], test: Sequence[Example]) -> str:
    packages = {name: version(name) for name in ("rasa", "tensorflow", "scikit-learn")}
    content = json.dumps([packages, _config(), train, test], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _config() -> dict[str, Any]:
    return {key: DEFAULT_CONFIG[key] for key in ("recipe", "assistant_id", "language", "pipeline")}


def _write_project(folder: Path, train: Sequence[Example]) -> None:
    (folder / "config.yml").write_text(yaml.safe_dump(_config(), sort_keys=False), "utf-8")
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in train:
        by_label[label].append(text)
    nlu = [
        {"intent": label, "examples": [{"text": text} for text in texts]}
        for label, texts in by_label.items()
    ]
    content = yaml.safe_dump({"version": "3.1", "nlu": nlu}, sort_keys=False, allow_unicode=True)
    (folder / "nlu.yml").write_text(content, "utf-8")
