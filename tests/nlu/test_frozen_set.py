"""How well the bot understands messages that it has never seen: `tests/understanding/`."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from bot.brain.bootstrap import load_understanding
from bot.brain.training import Project
from bot.evaluation.measures import tabulate_labels
from bot.evaluation.outcomes import Outcome, judge
from bot.evaluation.overlap import find_overlaps
from bot.evaluation.test_set import TEST_SET, MessageSet, read_message_set
from bot.evaluation.training_texts import TrainingText, read_training_texts
from bot.nlu.labels import OUT_OF_SCOPE
from tests.trained_model import ROOT

# A little under what was measured on 2026-11-25: 0.935 of all, 0.82 for the weakest label (goodbye;
# one message of a label is 0.03), and each of two questions. Raise them when the measured score
# rises, and never train or tune on the set.
LEAST_ACCURACY: Final = 0.92
LEAST_LABEL_ACCURACY: Final = 0.75
LEAST_FIRST_QUESTION_ACCURACY: Final = 0.95


@pytest.fixture(scope="module")
def training_texts() -> list[TrainingText]:
    return read_training_texts(Project(ROOT))


@pytest.fixture(scope="module")
def message_set(training_texts: list[TrainingText]) -> MessageSet:
    labels = {OUT_OF_SCOPE, *(text.label for text in training_texts)}
    return read_message_set(ROOT / TEST_SET, labels)


@pytest.fixture(scope="module")
def outcomes(message_set: MessageSet, trained_model: Path) -> Mapping[str, Outcome]:
    """What the model makes of each message, by its text."""
    understand = load_understanding(trained_model)
    with asyncio.Runner() as runner:
        return {
            message.text: judge(message, runner.run(understand(message.text)))
            for message in message_set.every_message
        }


def test_no_message_stands_in_the_training_data(
    training_texts: list[TrainingText], message_set: MessageSet
) -> None:
    found = find_overlaps(training_texts, message_set.every_message)
    assert [str(overlap) for overlap in found] == []


def test_every_label_has_enough_messages(message_set: MessageSet) -> None:
    assert message_set.warnings == ()
    assert len({message.label for message in message_set.messages}) == 23


@pytest.mark.model
def test_messages_never_seen_are_understood(
    message_set: MessageSet,
    outcomes: Mapping[str, Outcome],
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = [outcomes[message.text].is_right for message in message_set.messages]
    accuracy = sum(right) / len(right)
    with capsys.disabled():
        sys.stdout.write(f"\nfrozen test set: {accuracy:.3f} of {len(right)} messages\n")
    assert accuracy >= LEAST_ACCURACY


@pytest.mark.model
def test_no_label_is_left_behind(message_set: MessageSet, outcomes: Mapping[str, Outcome]) -> None:
    rows = tabulate_labels([outcomes[message.text] for message in message_set.messages])
    recalls = {row.label: row.recall.value for row in rows}
    assert {k: v for k, v in recalls.items() if v < LEAST_LABEL_ACCURACY} == {}


@pytest.mark.model
def test_one_of_two_questions_is_understood(
    message_set: MessageSet, outcomes: Mapping[str, Outcome]
) -> None:
    right = [outcomes[one.text].given in one.parts for one in message_set.two_questions]
    assert sum(right) / len(right) >= LEAST_FIRST_QUESTION_ACCURACY


@pytest.mark.model
def test_every_order_number_and_email_is_found_and_no_other(
    outcomes: Mapping[str, Outcome],
) -> None:
    wrong = [text for text, outcome in outcomes.items() if not outcome.proofs_right]
    assert wrong == []
