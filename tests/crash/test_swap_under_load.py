"""Models take each other's place in the running bot while shoppers write without pause."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pytest

from tests.candidate_files import add_candidate
from tests.crash.chatter import NO_LIMITS, Chatter, Exchange, chatting
from tests.crash.served_bot import ServedBot, make_project, serve_demo

pytestmark = [pytest.mark.model, pytest.mark.timeout(400)]

CONVERSATIONS = 6
TAKEN_UP_WITHIN_S = 60.0
CHAT_ON_S = 2.0


@pytest.fixture(scope="module")
def project(
    trained_model: Path, worse_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project whose live model is the worse one, with a better candidate."""
    folder = tmp_path_factory.mktemp("swap") / "project"
    folder.mkdir()
    make_project(folder, worse_model)
    (folder / "models" / "live" / "model.tar.gz").unlink()
    (folder / "tests").symlink_to(Path(__file__).parents[1])
    add_candidate(folder, worse_model, "20261101-120000")
    add_candidate(folder, trained_model, "20261102-120000")
    run_bot(folder, "promote", "20261101-120000")
    # The scores are stored, so that under load nothing is evaluated.
    run_bot(folder, "promote", "--report-only")
    return folder


@pytest.fixture(scope="module")
def bot(project: Path) -> Iterator[ServedBot]:
    with serve_demo(project, project.parent / "state", **NO_LIMITS) as bot:
        yield bot


def run_bot(project: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_model(bot: ServedBot, model: str) -> None:
    deadline = time.monotonic() + TAKEN_UP_WITHIN_S
    while httpx.get(f"{bot.url}/readyz").raise_for_status().json()["model_id"] != model:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def models_that_answered(bot: ServedBot, chatter: Chatter) -> list[str]:
    """The models that answered a conversation's messages, one after the other."""
    with sqlite3.connect(bot.state_dir / "bot.sqlite3") as connection:
        models = dict(connection.execute("SELECT message_id, model_id FROM turns"))
    answered = (models[exchange.message_id] for exchange in chatter.exchanges)
    return [model for model, _ in groupby(answered)]


def test_a_promotion_and_a_rollback_lose_and_double_and_disorder_nothing(
    bot: ServedBot, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worse, better = "20261101-120000", "20261102-120000"
    with chatting(bot.url, CONVERSATIONS) as chatters:
        time.sleep(CHAT_ON_S)
        quiet = [exchange for chatter in chatters for exchange in chatter.exchanges]
        assert better in run_bot(project, "promote", "--reason", "under load")
        wait_for_model(bot, better)
        time.sleep(CHAT_ON_S)
        assert worse in run_bot(project, "rollback")
        wait_for_model(bot, worse)
        time.sleep(CHAT_ON_S)
    assert [chatter.failure for chatter in chatters] == [None] * CONVERSATIONS
    exchanges = [exchange for chatter in chatters for exchange in chatter.exchanges]
    assert [exchange for exchange in exchanges if not exchange.is_right] == []
    for chatter in chatters:
        assert models_that_answered(bot, chatter) == [worse, better, worse]
        assert_in_order(chatter)
    with capsys.disabled():
        sys.stdout.write(
            f"\nlongest of {len(exchanges)} turns over a promotion and a rollback: "
            f"{longest(exchanges):.2f} s; of {len(quiet)} before them: {longest(quiet):.2f} s\n"
        )


def longest(exchanges: list[Exchange]) -> float:
    return max(exchange.seconds for exchange in exchanges)


def assert_in_order(chatter: Chatter) -> None:
    """Each message is stored once, with its one answer right after it."""
    messages = chatter.transcript
    expected = [
        line
        for exchange in chatter.exchanges
        for line in (
            ("shopper", f"where is my order {exchange.order}"),
            ("bot", exchange.replies[0]["text"]),
        )
    ]
    assert [(one["sender"], one["text"]) for one in messages] == expected
    assert [one["seq"] for one in messages] == list(range(1, len(messages) + 1))
