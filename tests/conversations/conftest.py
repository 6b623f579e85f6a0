"""Both stages that the conversations of this folder are held on, and how fast that went."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from bot.brain.rasa_environment import prepare_rasa
from bot.conversations.format import Conversation
from bot.conversations.in_process import InProcessStage
from bot.conversations.over_http import HttpStage
from bot.conversations.running import ConversationFailed, hold
from bot.conversations.stage import Stage
from tests.crash.chatter import NO_LIMITS
from tests.crash.served_bot import make_project, serve_demo

AnyStage = TypeVar("AnyStage", bound=Stage)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Pace:
    """How many turns were answered in how long."""

    turns: int = 0
    seconds: float = 0.0

    @property
    def turns_a_minute(self) -> float:
        return 60 * self.turns / self.seconds if self.seconds else 0.0


@dataclass
class Theatre(Generic[AnyStage]):
    """A stage, and the pace of what was held on it."""

    stage: AnyStage
    pace: Pace = field(default_factory=Pace)

    async def hold(self, conversation: Conversation) -> None:
        """Hold a conversation; a step that goes otherwise fails the test with the transcript."""
        begun = time.perf_counter()
        try:
            self.pace.turns += await hold(conversation, self.stage)
        except ConversationFailed as failure:
            pytest.fail(str(failure), pytrace=False)
        finally:
            self.pace.seconds += time.perf_counter() - begun


InProcess = Theatre[InProcessStage]
OverHttp = Theatre[HttpStage]

_PACES = pytest.StashKey[dict[str, Pace]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_PACES] = {}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for where, pace in config.stash[_PACES].items():
        if pace.turns:
            terminalreporter.write_line(
                f"conversations {where}: {pace.turns} turns, {pace.turns_a_minute:,.0f} a minute"
            )


@pytest.fixture(scope="session")
def in_process(
    trained_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[InProcess]:
    prepare_rasa()
    from bot.brain.bootstrap import load_runner

    folder = tmp_path_factory.mktemp("conversations")
    stage = InProcessStage(folder, lambda log: load_runner(trained_model, log), begins_at=NOW)
    theatre = Theatre(stage)
    request.config.stash[_PACES]["in process"] = theatre.pace
    yield theatre
    stage.close()


@pytest.fixture(scope="session")
def over_http(
    trained_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[OverHttp]:
    folder = tmp_path_factory.mktemp("served")
    project = folder / "project"
    project.mkdir()
    state_dir = folder / "state"
    with serve_demo(make_project(project, trained_model), state_dir, **NO_LIMITS) as bot:
        stage = HttpStage(bot.url, state_dir)
        theatre = Theatre(stage)
        request.config.stash[_PACES]["over HTTP"] = theatre.pace
        yield theatre
        stage.close()
