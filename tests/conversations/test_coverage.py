"""The conversations reach every label, every article, and every cell of the table of statuses."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.labels import Intent
from actions.orders.model import RULES
from bot.brain.contract import ShopperContext, TurnRequest
from bot.brain.training import Project
from bot.conversations.format import Conversation, Says
from bot.conversations.reading import read_folder
from bot.evaluation.training_texts import read_training_texts
from tests.conversations.conftest import InProcess
from tests.trained_model import ROOT

ALL = [one for file in read_folder(Path(__file__).parent) for one in file.conversations]
SENTENCE_WORDS = 6
CELLS = [
    f"{shopper}, {status.value}, {wish}"
    for shopper in ("signed in", "guest")
    for status in RULES
    for wish in ("cancel", "change", "contact seller")
]


def labels() -> set[str]:
    articles = (ROOT / "data" / "help_center").glob("*.md")
    intents = {intent.value for intent in Intent} - {Intent.FAQ.value}
    return intents | {f"faq/{path.stem}" for path in articles}


def typed() -> Iterator[str]:
    return (step.says for one in ALL for step in one.steps if isinstance(step, Says))


def test_there_are_enough_to_mean_something() -> None:
    assert len(ALL) >= 120


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_of_the_table_has_a_conversation(cell: str) -> None:
    assert cell in {conversation.name for conversation in ALL}


@pytest.mark.parametrize("conversation", ALL, ids=lambda one: one.name)
def test_every_conversation_expects_something_of_its_last_answer(
    conversation: Conversation,
) -> None:
    """One that says nothing of how it ends could not fail for it."""
    last = conversation.steps[-1].model_dump(exclude_defaults=True)
    assert len(last) > 1 or "orders" in last


def test_what_is_typed_was_not_learned() -> None:
    """Short commands may be in the training data; whole sentences there would prove nothing."""
    learned = {words(text.text) for text in read_training_texts(Project(ROOT))}
    sentences = {words(text) for text in typed()}
    assert {one for one in sentences if len(one) >= SENTENCE_WORDS} & learned == set()


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", re.sub(r"\d{6,}", "number", text.casefold())))


@pytest.mark.model
async def test_what_is_typed_reaches_every_label(in_process: InProcess) -> None:
    reached = {await label_of(text, in_process) for text in set(typed())}
    assert labels() - reached == set()


async def label_of(text: str, theatre: InProcess) -> str:
    guest = ShopperContext("session", None, None, "address", "UTC", "en")
    request = TurnRequest(str(uuid.uuid4()), str(uuid.uuid4()), guest, text=text)
    finished = await theatre.stage.runner.run(request)
    return str(finished.understood["intent"])
