"""Processes are killed in the middle of turns: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.served_bot import ServedBot, make_project, serve_demo

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

STATUS_QUESTION = "where is my order 8100240003"


@pytest.fixture(scope="module")
def bot(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBot]:
    folder = tmp_path_factory.mktemp("crash")
    project = folder / "project"
    project.mkdir()
    with serve_demo(make_project(project, trained_model), folder / "state") as bot:
        yield bot


def texts(messages: list[dict[str, str]], sender: str) -> list[str]:
    return [message["text"] for message in messages if message["sender"] == sender]


def count_cancellations(bot: ServedBot, number: str) -> int:
    with sqlite3.connect(bot.state_dir / "orders.sqlite3") as connection:
        query = "SELECT count(*) FROM shop_order_audit WHERE order_number = ? AND to_status = ?"
        return int(connection.execute(query, (number, "cancelled")).fetchone()[0])


def test_a_brain_killed_in_the_middle_of_a_turn_answers_after_its_restart_once(
    bot: ServedBot,
) -> None:
    bot.sign_in("C100")
    bot.signal("bot.brain", signal.SIGSTOP)
    bot.send(STATUS_QUESTION)
    time.sleep(0.5)  # the turn has reached the brain, which stands still
    bot.signal("bot.brain", signal.SIGKILL)
    messages = bot.wait_for_bot_messages(1)
    assert texts(messages, "shopper") == [STATUS_QUESTION]
    assert ["Awaiting Delivery" in text for text in texts(messages, "bot")] == [True]


def test_a_gateway_killed_while_the_brain_cancels_tells_the_shopper_once_and_cancels_once(
    bot: ServedBot,
) -> None:
    bot.sign_in("C101")
    bot.send("cancel 8100240011")
    asked = len(texts(bot.wait_for_bot_messages(1), "bot"))
    bot.signal("bot.brain", signal.SIGSTOP)
    bot.send("yes")
    time.sleep(0.5)
    bot.signal("bot.demo_shop", signal.SIGKILL)
    bot.signal("bot.brain", signal.SIGCONT)  # it cancels, and nobody is left to hear of it
    said = texts(bot.wait_for_bot_messages(asked + 1), "bot")[asked:]
    assert sum("is cancelled" in text for text in said) == 1
    assert count_cancellations(bot, "8100240011") == 1


def test_kills_at_random_moments_lose_nothing_and_repeat_nothing(bot: ServedBot) -> None:
    bot.sign_in("C106")
    done = threading.Event()

    def kill_now_and_then() -> None:
        dice = random.Random(7)  # noqa: S311 - the same kills at every run
        for module in ("bot.demo_shop", "bot.brain", "bot.demo_shop"):
            if done.wait(dice.uniform(0.05, 0.6)):
                return
            bot.signal(module, signal.SIGKILL)
            bot.wait_until_ready()

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    asked = [f"where is my order {number}" for number in ("8100240064", "8100240065")] * 12
    for question in asked:
        bot.send(question)
        time.sleep(0.05)
    messages = bot.wait_for_bot_messages(len(asked))
    done.set()
    killer.join()
    answers = texts(messages, "bot")
    assert texts(messages, "shopper") == asked
    assert [question[-10:] in answer for question, answer in zip(asked, answers, strict=True)] == [
        True
    ] * len(asked)
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
