"""Scores models on the frozen test set, for the gate."""

from __future__ import annotations

import asyncio
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from bot.brain.model_files import hash_file
from bot.errors import ConfigurationError
from bot.evaluation.scores import Scores, count_scores

TEST_SET: Final = Path("tests/understanding/messages.yml")


class FrozenSet:
    """The test set in one file; Rasa is loaded when a model is evaluated."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def test_set_sha256(self) -> str:
        """Hash of the file's content."""
        if not self._path.is_file():
            raise ConfigurationError(
                f"{self._path}: no test set here, so models cannot be compared; restore it"
            )
        return hash_file(self._path)

    def evaluate(self, model: Path, name: str) -> Scores:
        """Let a model understand every message; raises ConfigurationError if it does not load."""
        from bot.brain.bootstrap import load_understanding

        messages = yaml.load(self._path.read_text("utf-8"), Loader=yaml.CSafeLoader)["messages"]
        understand = load_understanding(model)
        with asyncio.Runner() as runner:
            pairs = [
                (one["label"], runner.run(understand(one["text"]))["intent"]) for one in messages
            ]
        return count_scores(pairs, model=name, test_set_sha256=self.test_set_sha256)
