"""Scores models for the gate, on the messages of the test set as they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from bot.brain.model_folder import hash_file
from bot.errors import ConfigurationError
from bot.evaluation.scores import Scores, count_scores
from bot.evaluation.test_set import TEST_SET, LabelledMessage, MessageSet


class FrozenSet:
    """The test set of a project; it is read when the first model is evaluated.

    Unlike `bot evaluate` it leaves out typing errors, which the gate does not compare.
    """

    def __init__(
        self,
        project_dir: Path,
        read: Callable[[], MessageSet],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Name the test set.

        Args:
            project_dir: The project's folder.
            read: Reads and checks the test set.
            tell: Told what is being done.
        """
        self._path = project_dir / TEST_SET
        self._read = read
        self._tell = tell

    @cached_property
    def test_set_sha256(self) -> str:
        """Hash of the file, as `MessageSet.sha256`."""
        if not self._path.is_file():
            raise ConfigurationError(
                f"{TEST_SET}: no test set here, so models cannot be compared; restore it"
            )
        return hash_file(self._path)

    def evaluate(self, model: Path, name: str) -> Scores:
        """Score a model; raises ConfigurationError if it or the test set cannot be used."""
        from bot.brain.bootstrap import load_understanding
        from bot.evaluation.outcomes import judge

        messages = self._messages
        understand = load_understanding(model)
        pairs = []
        with asyncio.Runner() as runner:
            for number, message in enumerate(messages, start=1):
                self._tell(f"Evaluating {name}: {number} of {len(messages)} messages")
                outcome = judge(message, runner.run(understand(message.text)))
                pairs.append((message.label, outcome.given))
        return count_scores(pairs, model=name, test_set_sha256=self.test_set_sha256)

    @cached_property
    def _messages(self) -> Sequence[LabelledMessage]:
        self._tell("Checking the test set")
        return self._read().messages
