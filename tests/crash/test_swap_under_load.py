"""Models take each other's place in the running bot while shoppers write without pause."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pytest

from bot.brain.durable_files import link_durably
from bot.brain.model_folder import ModelFolder, hash_file
from bot.evaluation.scores import LabelScore, Scores
from bot.evaluation.test_set import TEST_SET
from tests.candidate_files import add_candidate
from tests.crash.chatter import NO_LIMITS, Chatter, Exchange, chatting
from tests.crash.served_bot import PROJECT, ServedBot, make_project, serve_demo

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]

WORSE, BETTER = "20261101-120000", "20261102-120000"
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
    test_set = hash_file(PROJECT / TEST_SET)
    for name, model, right in ((WORSE, worse_model, 20), (BETTER, trained_model, 30)):
        add_candidate(folder, model, name)
        # The gate finds scores, so that nothing is evaluated beside the conversations.
        scores = Scores(name, test_set, {"cancel_order": LabelScore(40, right, right)})
        ModelFolder(folder).scores(name)[0].write_text(json.dumps(scores.to_json()))
    run_bot(folder, "promote", WORSE)
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
    with chatting(bot.url, CONVERSATIONS) as chatters:
        time.sleep(CHAT_ON_S)
        quiet = [exchange for chatter in chatters for exchange in chatter.exchanges]
        assert BETTER in run_bot(project, "promote", "--reason", "under load")
        wait_for_model(bot, BETTER)
        time.sleep(CHAT_ON_S)
        assert WORSE in run_bot(project, "rollback")
        wait_for_model(bot, WORSE)
        time.sleep(CHAT_ON_S)
    assert [chatter.failure for chatter in chatters] == [None] * CONVERSATIONS
    exchanges = [exchange for chatter in chatters for exchange in chatter.exchanges]
    assert [exchange for exchange in exchanges if not exchange.is_right] == []
    for chatter in chatters:
        assert models_that_answered(bot, chatter) == [WORSE, BETTER, WORSE]
        assert_in_order(chatter)
    with capsys.disabled():
        sys.stdout.write(
            f"\nlongest of {len(exchanges)} turns over a promotion and a rollback: "
            f"{longest(exchanges):.2f} s; of {len(quiet)} before them: {longest(quiet):.2f} s\n"
        )


def test_a_live_model_that_cannot_be_loaded_is_named_in_the_log_and_the_old_one_answers_on(
    bot: ServedBot, project: Path
) -> None:
    live = project / "models" / "live"
    before = httpx.get(f"{bot.url}/readyz").json()["model_id"]
    (live / "broken.tar.gz").write_text("no archive at all")
    with chatting(bot.url, 2) as chatters:
        link_durably(live / "model.tar.gz", "broken.tar.gz")
        wait_for_log(bot, "the newest live model does not answer")
        time.sleep(CHAT_ON_S)
        link_durably(live / "model.tar.gz", f"{before}.tar.gz")
        wait_for_model(bot, before)
    for chatter in chatters:
        assert chatter.failure is None
        assert all(exchange.is_right for exchange in chatter.exchanges)
        assert models_that_answered(bot, chatter) == [before]


def wait_for_log(bot: ServedBot, line: str) -> None:
    deadline = time.monotonic() + TAKEN_UP_WITHIN_S
    while line not in (bot.state_dir.parent / "serve.log").read_text("utf-8", errors="replace"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


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
